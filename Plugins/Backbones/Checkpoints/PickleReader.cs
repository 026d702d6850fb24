using System.Buffers.Binary;
using System.Text;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>Reads the arguments of pickle's opcodes. No length is believed that goes beyond the end of the data.</summary>
/// <param name="file">The file.</param>
/// <param name="start">Where the data begins.</param>
/// <param name="length">How long it is.</param>
internal sealed class PickleReader(BoundedFile file, long start, long length)
{
    private readonly byte[] _buffer = new byte[1 << 14];
    private long _bufferStart;
    private int _bufferLength;

    /// <summary>Gets where the next byte comes from, counted from the start of the data.</summary>
    public long Position { get; private set; }

    /// <summary>Gets how many bytes are left.</summary>
    public long Remaining => length - Position;

    public byte Byte()
    {
        if (Remaining <= 0)
        {
            throw Bad("the data ends before the STOP opcode");
        }

        if (Position < _bufferStart || Position >= _bufferStart + _bufferLength)
        {
            _bufferStart = Position;
            _bufferLength = (int)Math.Min(_buffer.Length, Remaining);
            file.Read(_buffer.AsSpan(0, _bufferLength), start + Position);
        }

        return _buffer[Position++ - _bufferStart];
    }

    public int UInt16() => Byte() | (Byte() << 8);

    public int Int32()
    {
        int low = UInt16();
        return low | (UInt16() << 16);
    }

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public double BigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    public byte[] Bytes(long count)
    {
        if (count < 0 || count > Remaining || count > Array.MaxLength)
        {
            throw Bad($"{count} bytes are announced, but {Remaining} are left");
        }

        var bytes = new byte[count];
        file.Read(bytes, start + Position);
        Position += count;
        return bytes;
    }

    public string Text(long count) => Encoding.UTF8.GetString(Bytes(count));

    /// <summary>Reads up to a line feed, which is dropped.</summary>
    public string Line()
    {
        var line = new List<byte>();
        for (byte value = Byte(); value != (byte)'\n'; value = Byte())
        {
            line.Add(value);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    public InvalidDataException Bad(string what) => new($"'{file.Path}' has a damaged pickle: at byte {start + Position} {what}.");
}
