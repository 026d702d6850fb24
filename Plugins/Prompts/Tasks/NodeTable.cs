using System.Globalization;
using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>A graph with classes and splits of its nodes, read from two tables.</summary>
internal sealed class NodeTable
{
    private readonly List<(int Class, Split? Split)> _nodes;

    private NodeTable(Graph graph, List<(int Class, Split? Split)> nodes)
    {
        (Graph, _nodes) = (graph, nodes);
        int classes = nodes.Max(n => n.Class) + 1;
        Classes = [.. Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture)).Select(c => new ClassInfo(c, [c]))];
    }

    /// <summary>Gets the graph, each undirected edge twice.</summary>
    public Graph Graph { get; }

    /// <summary>Gets the classes by their numbers.</summary>
    public IReadOnlyList<ClassInfo> Classes { get; }

    /// <summary>The nodes of a split that have a class.</summary>
    public IEnumerable<(int Node, int Class)> Nodes(Split split)
        => Enumerable.Range(0, _nodes.Count).Where(i => _nodes[i].Split == split && _nodes[i].Class >= 0).Select(i => (i, _nodes[i].Class));

    /// <summary>Reads both tables.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="features">How many features a node has; null for as many as there are.</param>
    /// <param name="normalise">Whether a node's features are divided by their sum.</param>
    /// <exception cref="InvalidRunException">A file is missing or a line is wrong.</exception>
    public static NodeTable Read(string folder, int? features, bool normalise)
    {
        string path = Find(folder, "nodes");
        var nodes = new List<(int Class, Split? Split)>();
        var rows = new List<(int Feature, float Value)[]>();
        foreach ((int number, string line) in TextLines.Read(path, "a table of nodes (.tsv or .tsv.gz)"))
        {
            string[] cells = line.Split('\t');
            if (number == 1 && cells[0] == "node") { continue; }
            string place = $"{path}, line {number}";
            if (cells.Length != 4 || cells[0] != nodes.Count.ToString(CultureInfo.InvariantCulture))
            {
                throw new InvalidRunException(place, $"must have node {nodes.Count}, its class, its split and its features between tabs, but has {cells.Length} cells and begins with '{cells[0]}'");
            }

            if (!int.TryParse(cells[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label) || label < -1)
            {
                throw new InvalidRunException(place, $"must have a class from 0, or -1 for none, but has '{cells[1]}'");
            }

            Split? split = SplitTable.Named(cells[2]);
            nodes.Add(split is not null || cells[2].Length == 0
                ? (label, split)
                : throw new InvalidRunException(place, $"must be in 'train', 'dev' (or 'valid'), 'test' or in none, but is in '{cells[2]}'"));
            rows.Add([.. cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => Feature(place, f))]);
        }

        if (nodes.Count == 0)
        {
            throw new InvalidRunException(path, "must have one node a line, but is empty");
        }

        (int[] sources, int[] targets) = EdgeTable.Read(Find(folder, "edges"), nodes.Count);
        var graph = new Graph(nodes.Count, Table(path, rows, features, normalise), sources, targets) { Texts = TextFile(folder) is { } texts ? Texts(texts, nodes.Count) : null };
        return new NodeTable(graph, nodes);
    }

    /// <summary>The file with what nodes say; null where there is none.</summary>
    public static string? TextFile(string folder) => Candidates(folder, "texts", "txt").FirstOrDefault(File.Exists);

    private static string[] Texts(string path, int nodes)
    {
        var texts = new string[nodes];
        Array.Fill(texts, "");
        foreach ((int number, string line) in TextLines.Read(path, "a text a line (.txt or .txt.gz)"))
        {
            texts[number <= nodes ? number - 1 : throw new InvalidRunException($"{path}, line {number}", $"must not be there, since there are {nodes} nodes, but is")] = line;
        }

        return texts;
    }

    private static FeatureTable Table(string path, List<(int Feature, float Value)[]> rows, int? features, bool normalise)
    {
        int seen = rows.Max(r => r.Length == 0 ? 0 : r.Max(f => f.Feature) + 1), width = features ?? Math.Max(1, seen);
        if (seen > width)
        {
            throw new InvalidRunException(path, $"must have features from 0 to {width - 1}, as 'features' says, but has number {seen - 1}");
        }

        var values = new float[rows.Count * width];
        for (int node = 0; node < rows.Count; node++)
        {
            float sum = normalise ? rows[node].Sum(f => f.Value) : 1;
            foreach ((int feature, float value) in rows[node]) { values[(node * width) + feature] = sum == 0 ? value : value / sum; }
        }

        return new FeatureTable(width, values);
    }

    private static (int Feature, float Value) Feature(string place, string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        float value = 1;
        bool isRight = int.TryParse(colon < 0 ? text : text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int feature) && feature < 65536
            && (colon < 0 || (float.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value)));
        return isRight ? (feature, value) : throw new InvalidRunException(place, $"must have features as 'number' or 'number:value', but has '{text}'");
    }

    private static string Find(string folder, string name)
        => Candidates(folder, name, "tsv").FirstOrDefault(File.Exists)
            ?? throw new InvalidRunException(folder, $"must be a folder with {name}.tsv.gz or {name}.tsv, but has neither");

    private static string[] Candidates(string folder, string name, string ending) => [Path.Combine(folder, $"{name}.{ending}.gz"), Path.Combine(folder, $"{name}.{ending}")];
}
