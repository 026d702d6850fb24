using System.Text;
using DeltaTune.Files;

namespace DeltaTune.Tests.Files;

public sealed class SafetensorsFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("deltatune-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Open_GoodFile_GivesEntriesMetadataAndBytes()
    {
        string path = Write("""{"__metadata__":{"format":"pt"},"b":{"dtype":"I16","shape":[2],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 8);

        using SafetensorsFile file = SafetensorsFile.Open(path);

        Assert.That(file.Metadata, Is.EqualTo(new Dictionary<string, string> { ["format"] = "pt" }));
        Assert.That(file.Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(file.Find("a")!.Shape, Is.Empty);
        Assert.That(file.ReadBytes("b"), Is.EqualTo(new byte[] { 4, 5, 6, 7 }));
        Assert.That(() => file.ReadBytes("c"), Throws.InstanceOf<KeyNotFoundException>().With.Message.EqualTo($"'{path}' has no tensor 'c'; it has 2, the first being 'b', 'a'."));
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "tensor 'a' is listed twice in its header; every name must be there once")]
    [TestCase("""{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,4]}}""", 4,
        "tensor 'a' has dtype 'F8'; known are BOOL, U8, I8, I16, I32, I64, F16, BF16, F32, F64")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4,
        "tensor 'a' F32 [2] must have 8 bytes, but its data_offsets give 4")]
    [TestCase("""{"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", 4,
        "tensor 'a' F32 [9223372036854775807, 4] must have more than 2^63 bytes, but its data_offsets give 4")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4,
        "tensor 'a' has data_offsets [0, 8], which must be a begin and an end within the 4 bytes that follow the header")]
    [TestCase("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", 4,
        "tensor 'b' begins at data offset 2, but tensor 'a' ends at 4; tensors must follow each other without overlap")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", 4,
        "tensor 'b' begins at data offset 2, but tensor 'a' ends at 1; tensors must follow each other without holes")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 4,
        "its tensors end at data offset 1, but the file goes on to 4; nothing may follow the last tensor")]
    [TestCase("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1,
        "tensor 'a' must have whole numbers of 0 or more in 'shape', but has -1")]
    [TestCase("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", 1,
        "tensor 'a' must have a 'shape' of kind Array, but its header entry is {\"dtype\":\"U8\",\"data_offsets\":[0,1]}")]
    [TestCase("""{"__metadata__":{"n":3}}""", 0, "'__metadata__.n' must be one string, but is 3")]
    [TestCase("[]", 0, "its header must begin with '{', but begins with byte 0x5B")]
    public void Open_WrongHeader_SaysWhatIsWrong(string header, int dataBytes, string problem)
    {
        string path = Write(header, dataBytes);

        Assert.That(() => SafetensorsFile.Open(path), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"'{path}' is not a valid safetensors file: {problem}."));
    }

    [Test]
    public void Open_HeaderLongerThanTheFile_AllocatesNothing()
    {
        string path = Path.Combine(_folder, "long.safetensors");
        File.WriteAllBytes(path, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, (byte)'{', (byte)'}']);

        Assert.That(() => SafetensorsFile.Open(path), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
            $"'{path}' is not a valid safetensors file: it says that its header has 9223372036854775807 bytes, but 2 follow (and at most 100000000 are allowed); "
            + "it is cut short or of another format."));
    }

    [Test]
    public void Open_CutAtEverySeventhByte_AlwaysThrowsAndNamesTheFile()
    {
        byte[] whole = File.ReadAllBytes(Shared("golden/opendelta-lora-bert/delta_model.safetensors"));
        string path = Path.Combine(_folder, "cut.safetensors");
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);

            Assert.That(() => SafetensorsFile.Open(path).Dispose(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(path), $"{length} bytes");
        }
    }

    [Test]
    public void Open_EveryReferenceFile_IsReadWhole()
    {
        string[] files = Directory.GetFiles(Shared("golden"), "*.safetensors", SearchOption.AllDirectories);

        Assert.That(files, Is.Not.Empty);
        foreach (string path in files)
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.That(file.Entries, Is.Not.Empty, path);
            Assert.That(file.Entries.Sum(entry => (long)file.ReadBytes(entry.Name).Length), Is.EqualTo(file.Entries.Sum(entry => entry.ByteLength)), path);
        }
    }

    [TestCase("F32", "0000803F0000C07F")]
    [TestCase("F64", "000000000000F07F")]
    [TestCase("F16", "003C007C")]
    [TestCase("BF16", "803FC07F")]
    public void FindNonFinite_NaNOrInfinity_IsNamed(string type, string data)
    {
        byte[] bytes = Convert.FromHexString(data);
        Assert.That(StoredTypes.TryParse(type, out StoredType stored), Is.True);
        string path = Write($$$"""{"w":{"dtype":"{{{type}}}","shape":[{{{bytes.Length / stored.ByteSize()}}}],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes);

        using SafetensorsFile file = SafetensorsFile.Open(path);

        Assert.That(file.FindNonFinite(), Is.EqualTo("w"));
    }

    [Test]
    public void HasNonFinite_OneBadElementAnywhere_IsFound()
    {
        for (int length = 1; length < 40; length++)
        {
            for (int at = 0; at < length; at++)
            {
                float[] values = [.. Enumerable.Range(0, length).Select(index => index == at ? float.NegativeInfinity : float.MaxValue)];

                Assert.That(FiniteCheck.HasNonFinite(StoredType.F32, [.. values.SelectMany(BitConverter.GetBytes)]), Is.True);
                values[at] = float.Epsilon;
                Assert.That(FiniteCheck.HasNonFinite(StoredType.F32, [.. values.SelectMany(BitConverter.GetBytes)]), Is.False);
            }
        }
    }

    private string Write(string header, int dataBytes) => Write(header, [.. Enumerable.Range(0, dataBytes).Select(index => (byte)index)]);

    private string Write(string header, byte[] data)
    {
        string path = Path.Combine(_folder, "made.safetensors");
        byte[] json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. data]);
        return path;
    }

    private static string Shared(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        Assert.Ignore($"shared/{relative} is absent");
        return "";
    }
}
