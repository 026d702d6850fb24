using System.Globalization;
using DeltaTune.Batches;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Reads one graph from the two tables of the task <c>nodes</c>, but neither classes nor splits.</summary>
internal static class NodeGraphFile
{
    /// <summary>Gets the tables' names without endings.</summary>
    public static IReadOnlyList<string> Names { get; } = ["nodes", "edges"];

    /// <summary>Finds a table.</summary>
    /// <exception cref="InvalidRunException">There is none.</exception>
    public static string Find(string folder, string name)
    {
        string[] candidates = [Path.Combine(folder, name + ".tsv.gz"), Path.Combine(folder, name + ".tsv")];
        return Array.Find(candidates, File.Exists)
            ?? throw new InvalidRunException("data", $"must be a file of SMILES, or a folder with {name}.tsv.gz or {name}.tsv, but '{folder}' has neither");
    }

    /// <summary>Reads the graph, each undirected edge twice.</summary>
    /// <param name="folder">Where the tables are.</param>
    /// <param name="normalise">Whether a node's features are divided by their sum.</param>
    /// <exception cref="InvalidRunException">A file is missing or a line is wrong.</exception>
    public static Graph Read(string folder, bool normalise)
    {
        string path = Find(folder, "nodes");
        (int Feature, float Value)[][] rows = [.. CorpusLines.Read(path).Where((line, i) => i > 0 || !line.StartsWith("node\t", StringComparison.Ordinal)).Select((line, i) => Row(path, i, line))];
        int width = rows.Length == 0 ? 0 : rows.Max(r => r.Length == 0 ? 0 : r.Max(f => f.Feature) + 1);
        if (width == 0)
        {
            throw new InvalidRunException(path, "must have one node a line, some with features, but has none");
        }

        var values = new float[rows.Length * width];
        for (int node = 0; node < rows.Length; node++)
        {
            float sum = normalise ? rows[node].Sum(f => f.Value) : 1;
            foreach ((int feature, float value) in rows[node]) { values[(node * width) + feature] = sum == 0 ? value : value / sum; }
        }

        (int[] sources, int[] targets) = Edges(Find(folder, "edges"), rows.Length);
        return new Graph(rows.Length, new FeatureTable(width, values), sources, targets);
    }

    private static (int Feature, float Value)[] Row(string path, int node, string line)
    {
        string[] cells = line.Split('\t');
        return cells.Length == 4 && cells[0] == node.ToString(CultureInfo.InvariantCulture)
            ? [.. cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => Feature($"{path}, node {node}", text))]
            : throw new InvalidRunException(path, $"must have node {node}, its class, its split and its features between tabs, but has {cells.Length} cells and begins with '{cells[0]}'");
    }

    private static (int Feature, float Value) Feature(string place, string text)
    {
        string[] parts = text.Split(':', 2);
        float value = 1;
        bool isRight = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int feature) && feature < 65536
            && (parts.Length == 1 || (float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value)));
        return isRight ? (feature, value) : throw new InvalidRunException(place, $"must have features as 'number' or 'number:value', but has '{text}'");
    }

    private static (int[] Sources, int[] Targets) Edges(string path, int nodes)
    {
        List<int> sources = [], targets = [];
        foreach (string line in CorpusLines.Read(path).Where(line => line[0] != '#'))
        {
            int[] ends = [.. line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries)
                .Select(cell => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int node) && node < nodes ? node : -1)];
            if (ends.Length != 2 || Array.Exists(ends, end => end < 0))
            {
                throw new InvalidRunException(path, $"must have two nodes from 0 to {nodes - 1} a line with a tab between them, but has '{line}'");
            }

            sources.AddRange(ends[0] == ends[1] ? [ends[0]] : ends);
            targets.AddRange(ends[0] == ends[1] ? [ends[0]] : [ends[1], ends[0]]);
        }

        return ([.. sources], [.. targets]);
    }
}
