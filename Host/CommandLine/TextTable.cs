namespace DeltaTune.Host.CommandLine;

/// <summary>Aligned columns in plain text, for what must be quick to start or easy to cut.</summary>
internal static class TextTable
{
    /// <summary>Writes rows, each column as wide as its longest cell; the last is not padded.</summary>
    /// <param name="output">Takes the lines.</param>
    /// <param name="rows">Rows of equal length. Empty last cells are left out.</param>
    /// <param name="indent">Spaces before each row.</param>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows, int indent = 0)
    {
        if (rows.Count == 0)
        {
            return;
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
        {
            output.WriteLine((new string(' ', indent) + string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c])))).TrimEnd());
        }
    }
}
