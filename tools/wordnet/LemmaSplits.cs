namespace DeltaTune.Tools.WordNet;

/// <summary>Divides the noun synsets into train, dev and test so that no lemma and no definition is in two of them.</summary>
/// <remarks>
/// Synsets that share a lemma (case-folded) or a definition are joined; what hangs together stays together. The common, polysemous
/// nouns form one component of about 12,500 synsets: it goes to train, as does any above <see cref="LargestMovable"/>. Every other
/// goes by the stable hash of its ordinally smallest lemma, modulo 10: 8 is dev, 9 is test, the rest train.
/// </remarks>
internal sealed class LemmaSplits
{
    private const int LargestMovable = 1000;
    private readonly IReadOnlyList<Synset> _nouns;
    private readonly string[] _splitOf;
    private readonly HashSet<string> _heldOut = [];

    public LemmaSplits(IReadOnlyList<Synset> nouns)
    {
        _nouns = nouns;
        _splitOf = new string[nouns.Count];
        foreach (List<int> component in Components(nouns))
        {
            string smallest = component.SelectMany(i => nouns[i].FoldedLemmas).Min(StringComparer.Ordinal)!;
            string byHash = (StableHash.Of(smallest) % 10) switch { 8 => "dev", 9 => "test", _ => "train" };
            string split = component.Count > LargestMovable ? "train" : byHash;
            foreach (int i in component)
            {
                _splitOf[i] = split;
                if (split != "train") { _heldOut.UnionWith(nouns[i].FoldedLemmas); }
            }
        }
    }

    /// <summary>The noun synsets of one split, Tops included, in file order.</summary>
    public IEnumerable<Synset> In(string split) => _nouns.Where((_, i) => _splitOf[i] == split);

    /// <summary>Whether a synset of any part of speech has a lemma that a dev or test noun has.</summary>
    public bool TouchesHeldOut(Synset synset) => synset.FoldedLemmas.Any(_heldOut.Contains);

    private static IEnumerable<List<int>> Components(IReadOnlyList<Synset> nouns)
    {
        int[] parent = [.. Enumerable.Range(0, nouns.Count)];
        var first = new Dictionary<string, int>();
        for (int i = 0; i < nouns.Count; i++)
        {
            foreach (string key in nouns[i].FoldedLemmas.Select(l => "l " + l).Append("d " + nouns[i].Definition.ToLowerInvariant()))
            {
                if (!first.TryAdd(key, i)) { parent[Root(parent, i)] = Root(parent, first[key]); }
            }
        }

        return Enumerable.Range(0, nouns.Count).GroupBy(i => Root(parent, i)).Select(g => g.ToList());
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            parent[i] = parent[parent[i]]; // halves the path, so that later look-ups are short
            i = parent[i];
        }

        return i;
    }
}
