namespace DeltaTune.Tasks;

/// <summary>Ranks of right nodes among all nodes of a graph, and what is counted of them. None of it touches a tensor.</summary>
/// <remarks>
/// Source: Bordes et al. 2013, "Translating Embeddings for Modeling Multi-relational Data", §4.2, for the filtered ranking: other right answers are left out. A node that scores
/// as the right one does counts half, so that the rank is the mean over all orders of equals: scores that are all alike rank in the middle, not first (Sun et al. 2020,
/// "A Re-evaluation of Knowledge Graph Completion Methods", https://arxiv.org/abs/1911.03903; Berrendorf et al. 2020, https://arxiv.org/abs/2002.06914).
/// </remarks>
public static class NodeRanking
{
    /// <summary>Computes the filtered rank of the right node.</summary>
    /// <param name="scores">The score of each node, higher is better.</param>
    /// <param name="answer">The right node.</param>
    /// <param name="known">Other nodes that are right; the answer may be among them, and a node may stand twice.</param>
    /// <returns>From 1 to the number of nodes, a half where the number of equals is odd. A score that is not a number ranks above the right node, and a right node without one last.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public static double FilteredRank(ReadOnlySpan<float> scores, int answer, IReadOnlyList<int> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentOutOfRangeException.ThrowIfNegative(answer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(answer, scores.Length);
        float right = scores[answer];
        int below = 0, equal = 0;
        foreach (float score in scores)
        {
            below += score < right ? 1 : 0;
            equal += score == right ? 1 : 0;
        }

        int others = scores.Length - 1;
        equal -= float.IsNaN(right) ? 0 : 1; // itself
        foreach (int node in known.Distinct())
        {
            if (node == answer) { continue; }
            others--;
            below -= scores[node] < right ? 1 : 0;
            equal -= scores[node] == right ? 1 : 0;
        }

        return 1 + (others - below - equal) + (equal / 2.0);
    }

    /// <summary>Computes the mean of one over the rank.</summary>
    /// <param name="ranks">One or more, each 1 or more.</param>
    /// <returns>Above 0, at most 1.</returns>
    /// <exception cref="ArgumentException">There is no rank.</exception>
    public static double MeanReciprocalRank(IReadOnlyCollection<double> ranks)
    {
        RequireSome(ranks);
        return ranks.Average(rank => 1 / rank);
    }

    /// <summary>Computes the share of ranks that are good enough.</summary>
    /// <param name="ranks">One or more, each 1 or more.</param>
    /// <param name="most">The last rank that counts; 2.5 is not within 2.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">There is no rank.</exception>
    public static double HitsAt(IReadOnlyCollection<double> ranks, int most)
    {
        RequireSome(ranks);
        return (double)ranks.Count(rank => rank <= most) / ranks.Count;
    }

    /// <summary>Computes a metric of ranks by its name.</summary>
    /// <param name="name">One of <see cref="MetricNames.OfRanks"/>.</param>
    /// <param name="ranks">One or more, each 1 or more.</param>
    /// <returns>The metric, higher is better.</returns>
    /// <exception cref="ArgumentException">No metric of ranks has that name, or there is no rank.</exception>
    public static double ByName(string name, IReadOnlyCollection<double> ranks) => name switch
    {
        MetricNames.Mrr => MeanReciprocalRank(ranks),
        MetricNames.HitsAt1 => HitsAt(ranks, 1),
        MetricNames.HitsAt3 => HitsAt(ranks, 3),
        MetricNames.HitsAt10 => HitsAt(ranks, 10),
        _ => throw new ArgumentException($"A metric of ranks must be one of {string.Join(", ", MetricNames.OfRanks)}, but is '{name}'.", nameof(name)),
    };

    private static void RequireSome(IReadOnlyCollection<double> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (ranks.Count == 0) { throw new ArgumentException("A metric needs at least one rank, but there is none.", nameof(ranks)); }
    }
}
