using System.Globalization;

namespace DeltaTune.Host.Reports;

/// <summary>A module tree made from dotted names, in which neighbours that are alike stand once: <c>0-11</c>.</summary>
/// <param name="Name">The node's own segment, or a range of numbers.</param>
/// <param name="Leaf">The tensor, where the node is one.</param>
/// <param name="Children">What is below, in order.</param>
/// <param name="Repeats">For how many equal nodes it stands.</param>
internal sealed record TreeNode(string Name, TreeLeaf? Leaf, IReadOnlyList<TreeNode> Children, int Repeats)
{
    /// <summary>Gets how many numbers there are below, in all repeats.</summary>
    public long Count => Repeats * (Leaf?.Count ?? Children.Sum(c => c.Count));

    /// <summary>Gets how many of them train.</summary>
    public long Trained => Repeats * (Leaf is null ? Children.Sum(c => c.Trained) : Leaf.Trains ? Leaf.Count : 0);

    /// <summary>Gets the bytes below, in all repeats.</summary>
    public long Bytes => Repeats * (Leaf?.Bytes ?? Children.Sum(c => c.Bytes));

    /// <summary>Builds and folds a tree.</summary>
    /// <param name="name">The root's name.</param>
    /// <param name="leaves">The tensors, in order.</param>
    /// <returns>The root.</returns>
    public static TreeNode Build(string name, IEnumerable<TreeLeaf> leaves)
        => Build(name, [.. leaves.Select(l => (l.Name.Split('.'), l))], 0);

    /// <summary>What makes two nodes alike: everything below but their own names. Shape, type and whether it trains are part of it.</summary>
    /// <returns>Equal texts for nodes that are alike.</returns>
    public string Likeness() => Leaf is null
        ? $"({string.Join(" ", Children.Select(c => $"{c.Name}{c.Likeness()}"))})"
        : $"[{string.Join(",", Leaf.Shape)}]{Leaf.Type}{(Leaf.Trains ? "+" : "")}";

    private static TreeNode Build(string name, List<(string[] Segments, TreeLeaf Leaf)> leaves, int depth)
    {
        if (leaves.Count == 1 && leaves[0].Segments.Length == depth)
        {
            return new TreeNode(name, leaves[0].Leaf, [], 1);
        }

        IEnumerable<TreeNode> children = leaves.Where(l => l.Segments.Length > depth)
            .GroupBy(l => l.Segments[depth])
            .Select(g => Build(g.Key, [.. g], depth + 1));
        return new TreeNode(name, null, Fold(children), 1);
    }

    // Runs of consecutive numbers whose nodes are alike become one node.
    private static List<TreeNode> Fold(IEnumerable<TreeNode> nodes)
    {
        List<TreeNode> folded = [];
        int first = 0;
        string likeness = "";
        foreach (TreeNode node in nodes)
        {
            bool numbered = int.TryParse(node.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            string own = node.Likeness();
            if (numbered && folded.Count > 0 && own == likeness && number == first + folded[^1].Repeats)
            {
                folded[^1] = folded[^1] with { Name = $"{first}-{number}", Repeats = folded[^1].Repeats + 1 };
                continue;
            }

            folded.Add(node);
            (first, likeness) = (numbered ? number : -1, numbered ? own : "");
        }

        return folded;
    }
}
