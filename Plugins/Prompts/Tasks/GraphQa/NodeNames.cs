using System.Globalization;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>What a graph's nodes are called.</summary>
internal sealed class NodeNames
{
    private const int Numbers = 1000; // random ones are below

    private static readonly string[] s_people =
    [
        "James", "Robert", "John", "Michael", "David", "Mary", "Patricia", "Jennifer", "Linda", "Elizabeth", "William", "Susan", "Thomas",
        "Sarah", "Charles", "Karen", "Daniel", "Nancy", "Mark", "Lisa", "Paul", "Anna", "Steven", "Laura", "Peter", "Ruth",
    ];

    private static readonly string[] s_politicians =
    [
        "Abraham", "Angela", "Winston", "Indira", "Nelson", "Golda", "Theodore", "Margaret", "Franklin", "Jacinda", "Charles", "Konrad", "Corazon",
        "Woodrow", "Benazir", "Dwight", "Willy", "Harry", "Gro", "Lech", "Olof", "Kofi", "Simone", "Ulysses", "Helmut", "Lester",
    ];

    private readonly IReadOnlyList<string> _names;

    private NodeNames(IReadOnlyList<string> names) => _names = names;

    /// <summary>The name of a node.</summary>
    public string this[int node] => _names[node];

    /// <summary>The names of a wording that has the same for every graph; for random ones those of some graph.</summary>
    public static NodeNames Of(GraphWording wording) => Draw(wording, new SplitMix64(0));

    /// <summary>The names for one graph.</summary>
    /// <param name="wording">How the graph is said.</param>
    /// <param name="random">Where chance comes from, for random ones.</param>
    public static NodeNames Draw(GraphWording wording, SplitMix64 random) => new(wording switch
    {
        GraphWording.Adjacency or GraphWording.Incident => [.. Enumerable.Range(0, s_people.Length).Select(Text)],
        GraphWording.Random => Different(random),
        GraphWording.Expert or GraphWording.Compact => [.. Enumerable.Range(0, s_people.Length).Select(n => ((char)('A' + n)).ToString())],
        GraphWording.Politician => s_politicians,
        _ => s_people,
    });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string[] Different(SplitMix64 random)
    {
        var drawn = new List<int>();
        while (drawn.Count < s_people.Length)
        {
            int number = random.Next(Numbers);
            if (!drawn.Contains(number))
            {
                drawn.Add(number);
            }
        }

        return [.. drawn.Select(Text)];
    }
}
