using System.Text;

namespace DeltaTune.Tools.WordNet;

/// <summary>Plain text for language-model pre-training: one synset a line, nothing of dev or test.</summary>
internal static class GlossCorpus
{
    /// <summary>The lines, ordered by the stable hash of the line so that neighbours have nothing in common.</summary>
    public static IEnumerable<string> Lines(IEnumerable<Synset> synsets, LemmaSplits splits) => synsets
        .Where(s => !splits.TouchesHeldOut(s) && s.Definition.Length > 0)
        .Select(Line)
        .Distinct()
        .OrderBy(StableHash.Of);

    // lemma: definition. Also second, third. Example one. Example two.
    private static string Line(Synset synset)
    {
        var line = new StringBuilder();
        Sentence(line, $"{synset.Lemmas[0]}: {synset.Definition}");
        if (synset.Lemmas.Length > 1) { Sentence(line, "Also " + string.Join(", ", synset.Lemmas.Skip(1))); }
        foreach (string example in synset.Examples) { Sentence(line, example); }
        return line.ToString();
    }

    private static void Sentence(StringBuilder line, string text)
    {
        if (line.Length > 0) { line.Append(' '); }
        line.Append(text);
        if (text[^1] is not ('.' or '!' or '?')) { line.Append('.'); }
    }
}
