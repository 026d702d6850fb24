using DeltaTune.Prompts.Knowledge;

namespace DeltaTune.Tools.WordNet;

/// <summary>The graph around the supersense tables' synsets: what they are kinds, instances, members, substances and parts of.</summary>
internal static class SynsetGraph
{
    private static readonly string[] Relations = ["@", "@i", "#m", "#s", "#p"];

    /// <summary>
    /// A line a synset: the tables' rows in their order, then every other synset that one of them points at, in file order. Relations first; of the
    /// others lemma and definition too.
    /// </summary>
    public static IEnumerable<string> Lines(List<Synset> synsets, List<WordNetSynset> pointers, IReadOnlyList<Synset> tables)
    {
        // Both lists have the same lines in the same order.
        var numbers = new Dictionary<Synset, int>(ReferenceEqualityComparer.Instance);
        foreach (Synset synset in synsets) { numbers[synset] = numbers.Count; }
        List<int> nodes = [.. tables.Select(t => numbers[t])];
        HashSet<int> taken = [.. nodes];
        nodes.AddRange([.. nodes.SelectMany(n => Pointers(pointers[n])).Select(p => p.Target).Distinct().Where(taken.Add).Order()]);
        Dictionary<int, int> places = nodes.Select((number, place) => (number, place)).ToDictionary(p => p.number, p => p.place);
        return nodes.Select((number, place) =>
        {
            string relations = string.Join(' ', Pointers(pointers[number]).Where(p => places.ContainsKey(p.Target)).Select(p => $"{p.Symbol}{places[p.Target]}"));
            return place < tables.Count ? relations : $"{relations}\t{synsets[number].Lemmas[0]}\t{synsets[number].Definition}";
        });
    }

    // Between whole noun synsets; their opposites say the same from the other side.
    private static IEnumerable<WordNetPointer> Pointers(WordNetSynset synset) => synset.Pointers.Where(p => p is { FromWord: 0, ToWord: 0 } && Relations.Contains(p.Symbol));
}
