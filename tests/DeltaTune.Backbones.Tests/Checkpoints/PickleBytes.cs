using System.Text;

namespace DeltaTune.Backbones.Tests.Checkpoints;

/// <summary>Writes pickles of protocol 2, opcode by opcode, and files of torch's older layout around them.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [];

    public PickleBytes() => Raw(0x80, 2);

    public PickleBytes Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(string opcodes) => Raw([.. opcodes.Select(c => (byte)c)]);

    public PickleBytes Text(string text) => Op("X").Raw(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text))).Raw(Encoding.UTF8.GetBytes(text));

    public PickleBytes Int(int value) => Op("J").Raw(BitConverter.GetBytes(value));

    public PickleBytes Global(string module, string name) => Op("c").Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Tuple(params int[] values)
    {
        Op("(");
        foreach (int value in values)
        {
            Int(value);
        }

        return Op("t");
    }

    /// <summary>A tensor over a storage of float32.</summary>
    public PickleBytes Tensor(string key, int elements, int offset, int[] shape, int[] strides) => Global("torch._utils", "_rebuild_tensor_v2").Op("((")
        .Text("storage").Global("torch", "FloatStorage").Text(key).Text("cpu").Int(elements).Op("NtQ")
        .Int(offset).Tuple(shape).Tuple(strides).Op("\x89").Global("collections", "OrderedDict").Op(")RtR");

    public byte[] End() => [.. Op(".")._bytes];

    /// <summary>A whole file with one storage of float32.</summary>
    public static byte[] LegacyFile(byte[] root, string key, float[] values)
    {
        byte[] mark = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];
        byte[] version = new PickleBytes().Op("M").Raw(0xE9, 3).End();
        byte[] system = new PickleBytes().Op("}(").Text("little_endian").Op("\x88u").End();
        byte[] keys = new PickleBytes().Op("](").Text(key).Op("e").End();
        return [.. mark, .. version, .. system, .. root, .. keys, .. BitConverter.GetBytes((long)values.Length), .. values.SelectMany(BitConverter.GetBytes)];
    }
}
