using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>What is known of a knowledge graph's questions: every right answer, and the edges of the training graph that say it.</summary>
internal sealed class LinkIndex
{
    private readonly Dictionary<(int From, int Relation), List<int>> _answers = [];
    private readonly Dictionary<(int Head, int Relation, int Tail), List<int>> _edges = [];

    /// <param name="table">The triples; those of all splits are answers, those of train are edges, as <see cref="TripleTable.TrainingGraph"/> numbers them.</param>
    public LinkIndex(TripleTable table)
    {
        int relations = table.Relations.Count;
        foreach ((int head, int relation, int tail) in Enum.GetValues<Split>().SelectMany(table.Of))
        {
            Add(_answers, (head, relation), tail);
            Add(_answers, (tail, relation + relations), head);
        }

        IReadOnlyList<(int, int, int)> train = table.Of(Split.Train);
        for (int i = 0; i < train.Count; i++)
        {
            Add(_edges, train[i], 2 * i);
            Add(_edges, train[i], (2 * i) + 1);
        }
    }

    /// <summary>The nodes that a relation leads to from a node, in any split; the same list for the same question.</summary>
    public IReadOnlyList<int> Answers(int from, int relation) => _answers[(from, relation)];

    /// <summary>The edges of a training triple, there and back, and those of its repetitions.</summary>
    public IReadOnlyList<int> Edges(int head, int relation, int tail) => _edges[(head, relation, tail)];

    private static void Add<T>(Dictionary<T, List<int>> lists, T key, int value)
        where T : notnull
    {
        if (!lists.TryGetValue(key, out List<int>? list))
        {
            lists.Add(key, list = []);
        }

        list.Add(value);
    }
}
