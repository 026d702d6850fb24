using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Triples of head, relation and tail, by numbers, in splits: a knowledge graph.</summary>
internal sealed class TripleTable
{
    private readonly Dictionary<Split, List<(int Head, int Relation, int Tail)>> _triples;

    private TripleTable(List<string> entities, List<string> relations, Dictionary<Split, List<(int, int, int)>> triples)
        => (Entities, Relations, _triples) = (entities, relations, triples);

    /// <summary>Gets the entities' names, in the order in which the files first name them.</summary>
    public IReadOnlyList<string> Entities { get; }

    /// <summary>Gets the relations' names, in the same order.</summary>
    public IReadOnlyList<string> Relations { get; }

    /// <summary>The triples of a split, in the file's order.</summary>
    public IReadOnlyList<(int Head, int Relation, int Tail)> Of(Split split) => _triples[split];

    /// <summary>Reads <c>train</c>, <c>valid</c> or <c>dev</c>, and <c>test</c>, each <c>.tsv</c> or <c>.tsv.gz</c>: head, relation and tail between tabs.</summary>
    /// <exception cref="InvalidRunException">A file is missing or a line is wrong.</exception>
    public static TripleTable Read(string folder)
    {
        var entities = new Dictionary<string, int>(StringComparer.Ordinal);
        var relations = new Dictionary<string, int>(StringComparer.Ordinal);
        var triples = new Dictionary<Split, List<(int, int, int)>>();
        foreach ((Split split, string[] names) in ((Split, string[])[])[(Split.Train, ["train"]), (Split.Dev, ["valid", "dev"]), (Split.Test, ["test"])])
        {
            string[] candidates = [.. names.SelectMany(n => new[] { Path.Combine(folder, n + ".tsv.gz"), Path.Combine(folder, n + ".tsv") })];
            string path = candidates.FirstOrDefault(File.Exists) ?? throw new InvalidRunException(folder, $"must be a folder with {names[0]}.tsv.gz or {names[0]}.tsv, but has neither");
            var here = new List<(int, int, int)>();
            foreach ((int number, string line) in TextLines.Read(path, "a table of triples (.tsv or .tsv.gz)"))
            {
                string[] cells = line.Split('\t');
                if (cells.Length != 3 || Array.Exists(cells, c => c.Length == 0))
                {
                    throw new InvalidRunException($"{path}, line {number}", $"must have head, relation and tail between tabs, but has {cells.Length} cells: '{line}'");
                }

                here.Add((Number(entities, cells[0]), Number(relations, cells[1]), Number(entities, cells[2])));
            }

            triples.Add(split, here);
        }

        return new TripleTable([.. entities.Keys], [.. relations.Keys], triples);
    }

    /// <summary>The graph of the training triples: entities are nodes that carry their number; an edge carries its relation, and stands back again with as many relations more.</summary>
    public Graph TrainingGraph() => GraphOf(Of(Split.Train));

    /// <summary>The same nodes without any edge.</summary>
    public Graph EntityGraph() => GraphOf([]);

    private Graph GraphOf(IReadOnlyList<(int Head, int Relation, int Tail)> triples) => new(
        Entities.Count, new FeatureTable(1, [.. Enumerable.Range(0, Entities.Count).Select(i => (long)i)]),
        [.. triples.SelectMany(t => new[] { t.Head, t.Tail })], [.. triples.SelectMany(t => new[] { t.Tail, t.Head })],
        new FeatureTable(1, [.. triples.SelectMany(t => new[] { (long)t.Relation, t.Relation + Relations.Count })]));

    private static int Number(Dictionary<string, int> numbers, string name)
    {
        if (!numbers.TryGetValue(name, out int number)) { numbers.Add(name, number = numbers.Count); }
        return number;
    }
}
