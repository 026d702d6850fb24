using System.Runtime.InteropServices;
using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Files;

namespace DeltaTune.Backbones.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = SharedFiles.NewFolder();

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("golden/bert-seqcls/pytorch_model.bin", "golden/bert-seqcls/model.safetensors")]
    [TestCase("golden/bert-seqcls/pytorch_model_legacy.bin", "golden/bert-seqcls/model.safetensors")]
    [TestCase("golden/gpt2-lm/sharded", "golden/gpt2-lm/model.safetensors")]
    [TestCase("golden/pretrain-gnn-gin/gnn.pth", "golden/pretrain-gnn-gin/weights.safetensors")]
    [TestCase("golden/bert-seqcls", "golden/bert-seqcls/model.safetensors")]
    [TestCase("golden/opendelta-lora-bert/pytorch_model.bin", "golden/opendelta-lora-bert/delta_model.safetensors")]
    [TestCase("golden/opendelta-bitfit-bert/pytorch_model.bin", "golden/opendelta-bitfit-bert/delta_model.safetensors")]
    public void Open_OtherFormat_HasTheBytesOfItsSafetensorsTwin(string path, string twin)
    {
        using Checkpoint actual = Checkpoint.Open(SharedFiles.Find(path));
        using SafetensorsFile expected = SafetensorsFile.Open(SharedFiles.Find(twin));

        int compared = 0;
        foreach (SafetensorsEntry entry in expected.Entries)
        {
            string name = entry.Name;
            if (!actual.Contains(name) && name.StartsWith("graph_pred_linear.", StringComparison.Ordinal))
            {
                continue; // gnn.pth has the node network alone
            }

            Assert.That(actual.Shape(name), Is.EqualTo(entry.Shape), name);
            Assert.That(actual.StoredTypeOf(name), Is.EqualTo(entry.Type), name);
            Assert.That(actual.ReadBytes(name), Is.EqualTo(expected.ReadBytes(entry.Name)), name);
            compared++;
        }

        Assert.That(compared, Is.GreaterThan(5));
        Assert.That(actual.FindNonFinite(), Is.Null);
    }

    [TestCase("golden/bert-seqcls/model.fp16.safetensors", StoredType.F16)]
    [TestCase("golden/bert-seqcls/model.bf16.safetensors", StoredType.BF16)]
    public void Open_HalfPrecision_IsTheRoundedFloat32(string path, StoredType type)
    {
        using Checkpoint half = Checkpoint.Open(SharedFiles.Find(path));
        using Checkpoint full = Checkpoint.Open(SharedFiles.Find("golden/bert-seqcls/model.safetensors"));

        foreach (string name in full.Names)
        {
            float[] values = MemoryMarshal.Cast<byte, float>(full.ReadBytes(name)).ToArray();
            ushort[] expected = [.. values.Select(value => type == StoredType.F16 ? BitConverter.HalfToUInt16Bits((Half)value) : Upper(value))];
            Assert.That(half.StoredTypeOf(name), Is.EqualTo(type));
            Assert.That(MemoryMarshal.Cast<byte, ushort>(half.ReadBytes(name)).ToArray(), Is.EqualTo(expected), name);
        }
    }

    [Test]
    public void TiedNames_TwoNamesOfOneStorage_AreAGroup()
    {
        string path = Write("tied.pth", PickleBytes.LegacyFile(
            new PickleBytes().Op("}(")
                .Text("embedding").Tensor("s", 6, 0, [2, 3], [3, 1])
                .Text("output").Tensor("s", 6, 0, [2, 3], [3, 1])
                .Text("row").Tensor("s", 6, 3, [3], [1]).Op("u").End(),
            "s",
            [0, 1, 2, 3, 4, 5]));

        using Checkpoint checkpoint = Checkpoint.Open(path);

        Assert.That(checkpoint.Names, Is.EqualTo(new[] { "embedding", "output", "row" }));
        Assert.That(checkpoint.TiedNames, Is.EqualTo(new[] { new[] { "embedding", "output" } }));
        Assert.That(Floats(checkpoint, "row"), Is.EqualTo(new float[] { 3, 4, 5 }));
    }

    [Test]
    public void ReadBytes_TransposedView_IsRowMajor()
    {
        string path = Write("strides.pth", PickleBytes.LegacyFile(
            new PickleBytes().Op("}").Text("state_dict").Op("}").Text("w").Tensor("s", 7, 1, [3, 2], [1, 3]).Op("ss").End(), "s", [9, 0, 1, 2, 3, 4, 5]));

        using Checkpoint checkpoint = Checkpoint.Open(path);

        Assert.That(Floats(checkpoint, "w"), Is.EqualTo(new float[] { 0, 3, 1, 4, 2, 5 })); // columns of [[0, 1, 2], [3, 4, 5]]
    }

    [TestCase(2, 3, 3, 1, 1)] // last element 6 of 6
    [TestCase(1000000, 1000000, 0, 0, 0)] // far more elements than the storage
    [TestCase(2, 3, -3, 1, 0)]
    [TestCase(2147483647, 2147483647, 2147483647, 2147483647, 0)]
    public void Open_ViewBeyondItsStorage_IsRefused(int rows, int columns, int rowStride, int columnStride, int offset)
    {
        string path = Write("view.pth", PickleBytes.LegacyFile(
            new PickleBytes().Op("}").Text("w").Tensor("s", 6, offset, [rows, columns], [rowStride, columnStride]).Op("s").End(), "s", new float[6]));

        Assert.That(() => Checkpoint.Open(path), Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith($"'{path}': tensor 'w' "));
    }

    [TestCase("os", "system")]
    [TestCase("posix", "system")]
    [TestCase("builtins", "eval")]
    [TestCase("torch.nn.modules.linear", "Linear")]
    public void Open_PickleThatCalls_IsRefusedByName(string module, string name)
    {
        string path = Write("evil.pth", PickleBytes.LegacyFile(
            new PickleBytes().Op("}").Text("w").Global(module, name).Op("(").Text("echo").Op("tRs").End(), "s", [1]));

        Assert.That(() => Checkpoint.Open(path), Throws.InstanceOf<InvalidDataException>().With.Message.EndsWith(
            $"'{module}.{name}' is asked for, which is refused: only tensors and plain containers are read from a checkpoint, and nothing of it is run."));
    }

    [Test]
    public void Open_PickleThatCopiesOneListOften_IsRefused()
    {
        // One list of pairs kept in the memo, then OrderedDict(list) again and again.
        PickleBytes pickle = new PickleBytes().Op("](");
        for (int item = 0; item < 1000; item++)
        {
            pickle.Op("NN\x86");
        }

        pickle.Op("eq\x01").Global("collections", "OrderedDict").Op("q\x02");
        for (int call = 0; call < 1000; call++)
        {
            pickle.Op("h\x02h\x01\x85R0");
        }

        string path = Write("copies.pth", PickleBytes.LegacyFile(pickle.End(), "s", [1]));

        Assert.That(() => Checkpoint.Open(path), Throws.InstanceOf<InvalidDataException>().With.Message.EndsWith("calls have copied more items than the data can hold."));
    }

    [Test]
    public void FindNonFinite_TensorWithNaN_IsNamed()
    {
        string path = Write("nan.pth", PickleBytes.LegacyFile(new PickleBytes().Op("}").Text("w").Tensor("s", 3, 0, [3], [1]).Op("s").End(), "s", [1, float.NaN, 2]));

        using Checkpoint checkpoint = Checkpoint.Open(path);

        Assert.That(checkpoint.FindNonFinite(), Is.EqualTo("w"));
    }

    [Test]
    public void Open_FolderWithoutWeights_SaysWhatIsLookedFor() => Assert.That(() => Checkpoint.Open(_folder), Throws.InstanceOf<FileNotFoundException>().With.Message.EqualTo(
        $"'{_folder}' must have the weights as one of model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json, but has none of them."));

    [Test]
    public void Open_MissingShard_NamesIt()
    {
        File.WriteAllText(Path.Combine(_folder, "model.safetensors.index.json"), """{"weight_map": {"w": "model-00001-of-00002.safetensors"}}""");

        Assert.That(() => Checkpoint.Open(_folder), Throws.InstanceOf<FileNotFoundException>().With.Message.EqualTo(
            $"'{Path.Combine(_folder, "model.safetensors.index.json")}' names the shard 'model-00001-of-00002.safetensors', which is not in its folder (1 shards in all)."));
    }

    [TestCase("""{"weight_map": {"w": "../model.safetensors"}}""")]
    [TestCase("""{"weight_map": {"w": 3}}""")]
    [TestCase("""{"weight_map": []}""")]
    [TestCase("""{"weight_map": {}}""")]
    [TestCase("{")]
    public void Open_DamagedIndex_Throws(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "model.safetensors.index.json"), json);

        Assert.That(() => Checkpoint.Open(_folder), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("model.safetensors.index.json"));
    }

    [TestCase("golden/bert-seqcls/pytorch_model.bin")]
    [TestCase("golden/bert-seqcls/pytorch_model_legacy.bin")]
    [TestCase("golden/pretrain-gnn-gin/gnn.pth")]
    public void Open_CutAnywhere_ThrowsAndNamesTheFile(string source)
    {
        byte[] whole = File.ReadAllBytes(SharedFiles.Find(source));
        string path = Path.Combine(_folder, "cut.bin");
        for (int length = 0; length < whole.Length; length += length < 6000 || length > whole.Length - 700 ? 7 : 7 * 61) // storages are cut at fewer places
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.That(() => Checkpoint.Open(path).Dispose(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(path), $"{length} bytes");
        }
    }

    [TestCase("golden/bert-seqcls/pytorch_model.bin")]
    [TestCase("golden/pretrain-gnn-gin/gnn.pth")]
    [TestCase("golden/gpt2-lm/sharded/model-00001-of-00004.safetensors")]
    public void Open_DamagedAnywhere_ReadsOrThrowsClearly(string source)
    {
        byte[] whole = File.ReadAllBytes(SharedFiles.Find(source));
        var random = new Random(5);
        string path = Path.Combine(_folder, "damaged" + Path.GetExtension(source));
        for (int round = 0; round < 600; round++)
        {
            byte[] bytes = [.. whole];
            int region = round % 2 == 0 ? Math.Min(6000, bytes.Length) : bytes.Length;
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[round % 4 == 3 ? bytes.Length - 1 - random.Next(4000) : random.Next(region)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                using Checkpoint checkpoint = Checkpoint.Open(path);
                checkpoint.FindNonFinite();
            }
            catch (InvalidDataException refused)
            {
                Assert.That(refused.Message, Does.Contain(path));
            }
        }
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static float[] Floats(Checkpoint checkpoint, string name) => MemoryMarshal.Cast<byte, float>(checkpoint.ReadBytes(name)).ToArray();

    // To the nearest, ties to even.
    private static ushort Upper(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
