using System.Globalization;
using System.Text;

namespace DeltaTune.Tools.WordNet;

/// <summary>Reads the synsets of a WordNet 3.0 database folder.</summary>
internal static class WordNetReader
{
    /// <summary>Reads all four parts of speech, nouns first, each in file order.</summary>
    /// <exception cref="InvalidDataException">A line is not as wndb(5WN) says.</exception>
    public static List<Synset> ReadAll(string folder)
    {
        var synsets = new List<Synset>();
        foreach (string file in (string[])["noun", "verb", "adj", "adv"])
        {
            string path = Path.Combine(folder, $"data.{file}");
            int number = 0;
            foreach (string line in File.ReadLines(path, Encoding.UTF8))
            {
                number++;
                if (line.StartsWith("  ", StringComparison.Ordinal)) { continue; } // the licence, at the top of each file
                synsets.Add(Parse(file, line) ?? throw new InvalidDataException(
                    $"{path}, line {number} must be a WordNet synset (offset, category, type, words, pointers | gloss), but is '{line}'."));
            }
        }

        return synsets;
    }

    /// <summary>Parses one line, or returns null where it is not a synset.</summary>
    public static Synset? Parse(string file, string line)
    {
        int bar = line.IndexOf(" | ", StringComparison.Ordinal);
        string[] fields = line.Split(' ');
        if (bar < 0 || fields.Length < 6
            || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int category)
            || !int.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int words)
            || words < 1 || fields.Length < 4 + (2 * words))
        {
            return null;
        }

        string[] lemmas = [.. Enumerable.Range(0, words).Select(i => Lemma(fields[4 + (2 * i)]))];
        (string definition, string[] examples) = Gloss.Split(line[(bar + 3)..]);
        return new Synset(file, category, lemmas, definition, examples);
    }

    // "galore(ip)" and the like: an adjective's syntactic marker is no part of the word.
    private static string Lemma(string word)
    {
        int marker = word.EndsWith(')') ? word.LastIndexOf('(') : -1;
        return (marker > 0 ? word[..marker] : word).Replace('_', ' ');
    }
}
