namespace DeltaTune.Backbones.Pretraining;

/// <summary>Packs lines into rows of one length: <c>[CLS] line [SEP] line [SEP]</c>, the rest padding.</summary>
/// <remarks>
/// A line goes on in the next row where it does not fit, but a line that would fit a row alone is not begun in a remainder of less than an eighth of
/// a row: so short lines mostly stay whole, and little is padding.
/// </remarks>
internal sealed class RowPacker(int length, int cls, int sep, int pad)
{
    private readonly List<ushort> _rows = [];
    private int _column; // of the row under way; 0: none is

    /// <summary>Gets how many rows there are, the one under way included.</summary>
    public int Rows => (_rows.Count + length - 1) / length;

    /// <summary>Adds a line.</summary>
    public void Add(ReadOnlySpan<ushort> line)
    {
        int room = length - _column - 1; // one for [SEP]
        if (_column > 0 && (room < 1 || (line.Length > room && line.Length <= length - 2 && room < length / 8)))
        {
            Close();
        }

        while (line.Length > 0)
        {
            if (_column == 0)
            {
                _rows.Add((ushort)cls);
                _column = 1;
            }

            int taken = Math.Min(line.Length, length - _column - 1);
            _rows.AddRange(line[..taken]);
            _rows.Add((ushort)sep);
            line = line[taken..];
            _column += taken + 1;
            if (_column >= length - 1)
            {
                Close();
            }
        }
    }

    /// <summary>Fills the last row and gives all of them, flat.</summary>
    public ushort[] Finish()
    {
        Close();
        return [.. _rows];
    }

    private void Close()
    {
        while (_rows.Count % length != 0)
        {
            _rows.Add((ushort)pad);
        }

        _column = 0;
    }
}
