namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Reads <c>merges.txt</c>: a version line, then one merge a line, two symbols with a blank between them, in the order learnt.</summary>
internal static class MergesFile
{
    public static IEnumerable<(string Left, string Right)> Read(string path)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                continue;
            }

            yield return Parse(line) ?? throw new InvalidDataException($"'{path}' line {number} must be two symbols with a blank between them, but is '{line}'.");
        }
    }

    /// <summary>Parses one merge; null when it is not two symbols.</summary>
    public static (string Left, string Right)? Parse(string line)
    {
        int blank = line.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 && blank < line.Length - 1 && line.IndexOf(' ', blank + 1) < 0 ? (line[..blank], line[(blank + 1)..]) : null;
    }
}
