using System.Globalization;
using DeltaTune.Batches;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Reads the graph of <c>wordnet-graph</c>: a line a node with its relations and, beyond the nodes of the tables, its lemma and definition, between tabs.</summary>
internal static class RelationGraph
{
    private static readonly string[] Symbols = ["@", "@i", "#m", "#s", "#p"]; // by their numbers, as wninput(5WN) has them

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file, plain or gzip'd.</param>
    /// <param name="known">What the first nodes say.</param>
    /// <returns>The graph, each edge there and back.</returns>
    /// <exception cref="InvalidRunException">The file is missing or a line is wrong.</exception>
    public static Graph Read(string path, IReadOnlyList<string> known)
    {
        List<string> texts = [.. known];
        var edges = new List<(int From, int To, int Relation, string Place)>();
        foreach ((int number, string line) in TextLines.Read(path, "a graph (.tsv or .tsv.gz)"))
        {
            string[] cells = line.Split('\t');
            string place = $"{path}, line {number}";
            int node = number - 1, wanted = node < known.Count ? 1 : 3;
            if (cells.Length != wanted)
            {
                throw new InvalidRunException(place, $"must have {(wanted == 1 ? "relations alone, since a table says the rest" : "relations, lemma and definition between tabs")}, but has {cells.Length} cells");
            }

            if (wanted == 3) { texts.Add($"{cells[1]}: {cells[2]}"); }
            edges.AddRange(cells[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => Relation(r, node, place)));
        }

        if (edges.Find(e => e.To >= texts.Count) is { Place: { } wrong, To: var to })
        {
            throw new InvalidRunException(wrong, $"must point at nodes from 0 to {texts.Count - 1}, but points at {to}");
        }

        return new Graph(
            texts.Count, new FeatureTable(0, Array.Empty<float>()), [.. edges.SelectMany(e => (int[])[e.From, e.To])], [.. edges.SelectMany(e => (int[])[e.To, e.From])],
            new FeatureTable(1, [.. edges.SelectMany(e => (long[])[e.Relation, e.Relation + Symbols.Length])]))
        { Texts = texts };
    }

    private static (int From, int To, int Relation, string Place) Relation(string text, int node, string place)
    {
        int digits = text.AsSpan().IndexOfAnyInRange('0', '9');
        int relation = digits < 1 ? -1 : Array.IndexOf(Symbols, text[..digits]);
        return relation >= 0 && int.TryParse(text.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out int to)
            ? (node, to, relation, place)
            : throw new InvalidRunException(place, $"must have relations as one of {string.Join(", ", Symbols)} and a node, but has '{text}'");
    }
}
