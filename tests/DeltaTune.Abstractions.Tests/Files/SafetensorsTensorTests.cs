using System.Text;
using DeltaTune.Files;
using static TorchSharp.torch;

namespace DeltaTune.Tests.Files;

public sealed class SafetensorsTensorTests
{
    private string _path = "";

    [SetUp]
    public void MakePath() => _path = Path.Combine(Directory.CreateTempSubdirectory("deltatune-").FullName, "made.safetensors");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Test]
    public void Write_EveryType_ReadsBackTheSame()
    {
        using var scope = NewDisposeScope();
        ScalarType[] types =
        [
            ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64,
            ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64,
        ];
        Tensor source = tensor(new float[] { 0, 1, 2, 3, 4, 5 }).reshape(2, 3);

        SafetensorsFile.Write(_path, types.Select(type => (type.ToString(), source.to(type))));

        using SafetensorsFile file = SafetensorsFile.Open(_path);
        foreach (ScalarType type in types)
        {
            Tensor read = file.Read(type.ToString());
            Assert.That(read.dtype, Is.EqualTo(type));
            Assert.That(read.shape, Is.EqualTo(new long[] { 2, 3 }));
            float[] expected = type == ScalarType.Bool ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5];
            Assert.That(read.to(ScalarType.Float32).data<float>().ToArray(), Is.EqualTo(expected), type.ToString());
        }
    }

    [Test]
    public void Write_TransposedEmptyAndScalar_AreRowMajorAndAligned()
    {
        using var scope = NewDisposeScope();

        SafetensorsFile.Write(_path, [("t", tensor(new float[] { 0, 1, 2, 3, 4, 5 }).reshape(2, 3).t()), ("empty", empty(0, 3)), ("one", tensor(7L)), ("half", ones(1, dtype: ScalarType.Float16))]);

        using SafetensorsFile file = SafetensorsFile.Open(_path);
        Assert.That(file.Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "one", "empty", "t", "half" }));
        Assert.That(file.Metadata["format"], Is.EqualTo("pt"));
        Assert.That(file.Entries.Select(entry => entry.Offset % entry.Type.ByteSize()), Is.All.Zero);
        Assert.That(file.Entries[0].Offset % 8, Is.Zero);
        Assert.That(file.Read("t").data<float>().ToArray(), Is.EqualTo(new float[] { 0, 3, 1, 4, 2, 5 }));
        Assert.That(file.Read("one").item<long>(), Is.EqualTo(7));
        Assert.That(file.Read("empty").shape, Is.EqualTo(new long[] { 0, 3 }));
    }

    [Test]
    public void Write_TwoTensors_HasSortedHeaderWithoutHoles()
    {
        using var scope = NewDisposeScope();

        SafetensorsFile.Write(_path, [("b", ones(2)), ("a", ones(3))], new Dictionary<string, string>());

        string text = Encoding.UTF8.GetString(File.ReadAllBytes(_path).AsSpan(8));
        Assert.That(text, Does.StartWith("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}"""));
    }

    [Test]
    public void Write_SameNameTwice_Throws()
    {
        using var scope = NewDisposeScope();

        Assert.That(() => SafetensorsFile.Write(_path, [("a", ones(1)), ("a", ones(1))]), Throws.ArgumentException);
        Assert.That(File.Exists(_path), Is.False);
    }
}
