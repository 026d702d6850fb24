using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>What a graph network learns from: items with a graph each, and pairs of nodes with an edge between them or none.</summary>
/// <param name="key">SHA-256 of the files.</param>
internal abstract class GraphSet(string key)
{
    private const int Tries = 20; // for a node without an edge to another; a ring of three has none

    /// <summary>Gets SHA-256 of the files.</summary>
    public string Key => key;

    /// <summary>Gets each item's graph.</summary>
    public abstract IReadOnlyList<Graph> Graphs { get; }

    /// <summary>Gets what an item is called, in the plural.</summary>
    public abstract string Items { get; }

    /// <summary>Gets what the files hold, in words.</summary>
    public abstract string Contents { get; }

    /// <summary>Gets how many features a node has; null for molecules.</summary>
    public abstract int? Features { get; }

    /// <summary>Draws nodes with one that each has an edge to and some that it has none to.</summary>
    /// <param name="items">Of which items.</param>
    /// <param name="negatives">How many a node.</param>
    /// <param name="random">Where chance comes from.</param>
    public abstract NodeLinks Links(IReadOnlyList<int> items, int negatives, SplitMix64 random);

    /// <summary>Draws nodes to which there is no edge.</summary>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="wanted">How many are drawn.</param>
    /// <param name="isLinked">Whether a node is the one itself or has an edge with it.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>Null where so many were not found.</returns>
    protected static int[]? Others(int nodes, int wanted, Func<int, bool> isLinked, SplitMix64 random)
    {
        var found = new int[wanted];
        int have = 0;
        for (int t = 0; have < wanted && t < Tries * wanted; t++)
        {
            int node = random.Next(nodes);
            if (!isLinked(node)) { found[have++] = node; }
        }

        return have == wanted ? found : null;
    }
}
