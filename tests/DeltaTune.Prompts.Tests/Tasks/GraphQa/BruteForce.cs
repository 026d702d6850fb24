using System.Globalization;
using DeltaTune.Prompts.Tasks.GraphQa;

namespace DeltaTune.Prompts.Tests.Tasks.GraphQa;

/// <summary>Answers by trying everything, with no algorithm in common with the task's: fit for a few nodes.</summary>
internal sealed class BruteForce
{
    private const int None = int.MaxValue / 4;
    private readonly int _nodes;
    private readonly List<(int First, int Second)> _edges;
    private readonly bool[,] _leads, _touches;
    private readonly int[,] _distance, _apart; // along edges; whichever way they lead

    public BruteForce(int nodes, List<(int First, int Second)> edges, bool directed)
    {
        (_nodes, _edges, _leads, _touches) = (nodes, edges, new bool[nodes, nodes], new bool[nodes, nodes]);
        foreach ((int first, int second) in edges)
        {
            _touches[first, second] = _touches[second, first] = _leads[first, second] = true;
            _leads[second, first] |= !directed;
        }

        (_distance, _apart) = (FloydWarshall(_leads), FloydWarshall(_touches));
        IsDirected = directed;
    }

    private bool IsDirected { get; }

    private IEnumerable<int> Nodes => Enumerable.Range(0, _nodes);

    public bool Leads(int from, int to) => _leads[from, to];

    public string Answer(GraphQuestion question, int[] asked) => question switch
    {
        GraphQuestion.NodeCount => Text(_nodes),
        GraphQuestion.EdgeCount => Text(_edges.Count),
        GraphQuestion.EdgeExistence => YesOrNo(Leads(asked[0], asked[1])),
        GraphQuestion.NodeDegree => Text(_edges.Sum(e => (e.First == asked[0] ? 1 : 0) + (e.Second == asked[0] ? 1 : 0))),
        GraphQuestion.Connectivity => YesOrNo(Nodes.All(n => _apart[0, n] < None)),
        GraphQuestion.ConnectedComponents => Text(Parts()),
        GraphQuestion.CycleCheck => YesOrNo(IsDirected ? Nodes.Any(i => Nodes.Any(j => Leads(i, j) && _distance[j, i] < None)) : _edges.Count > _nodes - Parts()), // a forest has n − c edges
        GraphQuestion.Bipartiteness => YesOrNo(Enumerable.Range(0, 1 << _nodes).Any(colours => _edges.All(e => ((colours >> e.First) & 1) != ((colours >> e.Second) & 1)))),
        GraphQuestion.TriangleCounting => Text(Nodes.Sum(i => Nodes.Sum(j => Nodes.Count(k => i < j && j < k && _touches[i, j] && _touches[j, k] && _touches[i, k])))),
        GraphQuestion.Diameter => Text(Nodes.Max(i => Nodes.Max(j => _distance[i, j] < None ? _distance[i, j] : 0))),
        GraphQuestion.Reachability => YesOrNo(_distance[asked[0], asked[1]] < None),
        _ => Text(_distance[asked[0], asked[1]] < None ? _distance[asked[0], asked[1]] : 0),
    };

    // A part is counted at its lowest node.
    private int Parts() => Nodes.Count(i => !Enumerable.Range(0, i).Any(j => _apart[i, j] < None));

    private int[,] FloydWarshall(bool[,] edges)
    {
        var distance = new int[_nodes, _nodes];
        foreach ((int i, int j) in Nodes.SelectMany(i => Nodes.Select(j => (i, j))))
        {
            distance[i, j] = i == j ? 0 : edges[i, j] ? 1 : None;
        }

        foreach ((int k, int i, int j) in Nodes.SelectMany(k => Nodes.SelectMany(i => Nodes.Select(j => (k, i, j)))))
        {
            distance[i, j] = Math.Min(distance[i, j], distance[i, k] + distance[k, j]);
        }

        return distance;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string YesOrNo(bool yes) => yes ? "yes" : "no";
}
