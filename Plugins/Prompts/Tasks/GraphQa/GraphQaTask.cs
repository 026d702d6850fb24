using System.Globalization;
using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>Answers questions about graphs drawn at random; each example is there as text and as a graph.</summary>
/// <remarks>
/// Source: Fatemi et al. 2024, "Talk like a Graph: Encoding Graphs for Large Language Models", https://arxiv.org/abs/2310.04560. Differs from it:
/// sizes are drawn evenly, an answer is a class (or one number) to be told; as the source words it, it is the example's <c>answer</c>.
/// A graph network is told of the nodes asked about by two features that mark them, and a question about a node is read out at that node; a transformer reads their names.
/// </remarks>
internal sealed class GraphQaTask : ITask
{
    private const int Tries = 200; // for a graph with the answer that is wanted, and no more: a star has no cycle
    private readonly GraphQaOptions _options;
    private readonly SampledSplits _splits;

    /// <summary>Creates the task. Nothing is drawn yet.</summary>
    /// <param name="options">Its settings.</param>
    public GraphQaTask(GraphQaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Classes = [.. ClassesOf(options)];
        _splits = new SampledSplits(Draw, () => Classes, options.Sampling);
    }

    /// <inheritdoc/>
    public string Name => "graphqa-" + Kebab(_options.Question);

    /// <inheritdoc/>
    public LabelKind Labels => _options.Question.IsPerNode() ? LabelKind.Binary : _options.Numbers ? LabelKind.Number : LabelKind.Class;

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames { get; } = ["graph", "question"];

    /// <inheritdoc/>
    public string Metric => Labels switch
    {
        LabelKind.Binary => MetricNames.RocAuc,
        _ => MetricNames.Accuracy,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _splits.Warnings;

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split) => Labels == LabelKind.Class ? _splits.Read(split) : Draw(split);

    private static string Kebab(Enum value) => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private static IEnumerable<ClassInfo> ClassesOf(GraphQaOptions options)
    {
        if (options.Question.IsYesOrNo())
        {
            return [new ClassInfo("no", ["no"]), new ClassInfo("yes", ["yes"])];
        }

        if (options.Question.IsPerNode())
        {
            var words = new GraphWords(options.Wording);
            return Enumerable.Range(0, options.MaxNodes).Select(words.Name).Select(name => new ClassInfo(name, [name]));
        }

        if (options.Numbers)
        {
            return [new ClassInfo("number", ["number"])];
        }

        (int least, int most) = options.Question.Range(options);
        return Enumerable.Range(least, most - least + 1).Select(n => n.ToString(CultureInfo.InvariantCulture)).Select(n => new ClassInfo(n, [n]));
    }

    private List<Example> Draw(Split split)
    {
        int count = split switch { Split.Train => _options.Train, Split.Dev => _options.Dev, _ => _options.Test };
        ulong seed = new SplitMix64((ulong)_options.Seed ^ ((ulong)split << 56)).Next();
        return [.. Enumerable.Range(0, count).Select(i => Draw(split, i, new SplitMix64(seed + (ulong)i)))];
    }

    private Example Draw(Split split, int index, SplitMix64 random)
    {
        GraphKind kind = _options.Kinds[index % _options.Kinds.Count];
        for (int t = 0; ; t++)
        {
            if (t >= Tries / 2)
            {
                kind = _options.Kinds[random.Next(_options.Kinds.Count)]; // perhaps this kind never has the answer
            }

            RandomGraph graph = RandomGraph.Draw(kind, _options.MinNodes + random.Next(_options.MaxNodes - _options.MinNodes + 1), random, _options.Directed);
            int first = random.Next(graph.Nodes), second = (first + 1 + random.Next(graph.Nodes - 1)) % graph.Nodes;
            bool wanted = index / _options.Kinds.Count % 2 == 1;
            if (!_options.Balanced || !_options.Question.IsYesOrNo() || t >= Tries || (GraphAnswers.Of(graph, _options.Question, first, second) == 1) == wanted)
            {
                return Example(split, index, kind, graph, first, second, new GraphWords(_options.Wording, NodeNames.Draw(_options.Wording, random)));
            }
        }
    }

    private Example Example(Split split, int index, GraphKind kind, RandomGraph graph, int first, int second, GraphWords words) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{split.ToString().ToLowerInvariant()}-{index + 1}"),
        Fields = new Dictionary<string, string>
        {
            ["graph"] = words.Graph(graph),
            ["question"] = words.Question(_options.Question, first, second),
        },
        Meta = new Dictionary<string, string>
        {
            ["answer"] = words.Answer(graph, _options.Question, first, second),
            ["class"] = Kebab(_options.Question.Class()),
            ["kind"] = Kebab(kind),
        },
        Label = Labels != LabelKind.Class ? null
            : GraphAnswers.Of(graph, _options.Question, first, second) - (_options.Question.IsYesOrNo() ? 0 : _options.Question.Range(_options).Least),
        Values = Labels switch
        {
            LabelKind.Binary => PerNode(graph, first),
            LabelKind.Number => [GraphAnswers.Of(graph, _options.Question, first, second)],
            _ => [],
        },
        Graph = Network(graph, first, second),
        ReadNode = _options.Question.AsksAboutNode() ? first : null,
    };

    private float[] PerNode(RandomGraph graph, int node)
    {
        SortedSet<int> beside = GraphAnswers.Neighbours(graph)[node];
        bool wanted = _options.Question == GraphQuestion.ConnectedNodes;
        return [.. Enumerable.Range(0, _options.MaxNodes).Select(n => n >= graph.Nodes || n == node ? float.NaN : beside.Contains(n) == wanted ? 1 : 0)];
    }

    private Graph Network(RandomGraph graph, int first, int second)
    {
        bool numbers = _options.NodeNumbers || _options.Question.IsPerNode();
        int width = 3 + (numbers ? _options.MaxNodes : 0);
        var features = new float[graph.Nodes * width];
        for (int node = 0; node < graph.Nodes; node++)
        {
            features[node * width] = 1;
            features[(node * width) + 1] = _options.Question.AsksAboutNode() && node == first ? 1 : 0;
            features[(node * width) + 2] = _options.Question.AsksAboutTwo() && node == second ? 1 : 0;
            if (numbers)
            {
                features[(node * width) + 3 + node] = 1;
            }
        }

        int[] from = [.. graph.Edges.Select(e => e.First)], to = [.. graph.Edges.Select(e => e.Second)];
        FeatureTable? ways = graph.IsDirected ? new FeatureTable(2, [.. Enumerable.Range(0, 4 * from.Length).Select(i => (i < 2 * from.Length) == (i % 2 == 0) ? 1f : 0)]) : null;
        return new Graph(graph.Nodes, new FeatureTable(width, features), [.. from, .. to], [.. to, .. from], ways);
    }
}
