namespace DeltaTune.Tools.WordNet;

/// <summary>One line of a WordNet <c>data.*</c> file (format: wndb(5WN)), without its pointers.</summary>
/// <param name="File">The part of speech that names the file: noun, verb, adj or adv.</param>
/// <param name="Category">The lexicographer file number, 0 to 44 (lexnames(5WN)).</param>
/// <param name="Lemmas">The lemmas in WordNet's order, with blanks for underscores and without adjective markers.</param>
/// <param name="Definition">The gloss without its examples.</param>
/// <param name="Examples">The gloss's quoted examples, without quotation marks.</param>
internal sealed record Synset(string File, int Category, string[] Lemmas, string Definition, string[] Examples)
{
    /// <summary>Gets whether this is a noun synset, the only kind that the task uses.</summary>
    public bool IsNoun => File == "noun";

    /// <summary>Gets the lemmas as they are compared between splits.</summary>
    public IEnumerable<string> FoldedLemmas => Lemmas.Select(l => l.ToLowerInvariant());
}
