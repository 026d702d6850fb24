using System.Collections.Concurrent;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.TextGraphs;

/// <summary>Makes tokens of what nodes say, each text once, and collates texts of similar lengths.</summary>
/// <param name="text">The backbone that reads them.</param>
/// <param name="options">How long a text may be, and how many pass at once.</param>
internal sealed class NodeTextEncoder(Backbone text, TextGraphOptions options)
{
    private readonly ConcurrentDictionary<string, EncodedInput> _known = new(StringComparer.Ordinal); // a node comes with every batch that hears from it
    private readonly EncodingOptions _encoding = new() { MaxLength = options.MaxLength };

    /// <summary>Checks that every node says something.</summary>
    /// <exception cref="InvalidRunException">One does not.</exception>
    public static void Check(Graph graph)
    {
        if (graph.Texts is not { } texts || texts.Count != graph.NodeCount)
        {
            throw new InvalidRunException("the graph", $"must have a text for each of its {graph.NodeCount} nodes, but has {(graph.Texts is null ? "none" : $"{graph.Texts.Count}")}");
        }

        for (int node = 0; node < texts.Count; node++)
        {
            if (string.IsNullOrWhiteSpace(texts[node]))
            {
                throw new InvalidRunException("the graph", $"must have a text for each of its {graph.NodeCount} nodes, but node {node} has none");
            }
        }
    }

    /// <summary>Collates the texts of a batch's nodes.</summary>
    /// <param name="texts">By node.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <returns>The texts, the caller's to dispose.</returns>
    public NodeTexts Collate(IReadOnlyList<string> texts, Device device)
    {
        EncodedInput[] rows = [.. texts.Distinct(StringComparer.Ordinal).Select(t => _known.GetOrAdd(t, Encode)).OrderBy(r => r.Length)]; // stable
        var places = new Dictionary<EncodedInput, long>(ReferenceEqualityComparer.Instance);
        foreach (EncodedInput row in rows)
        {
            places[row] = places.Count;
        }

        return new NodeTexts
        {
            Chunks = [.. rows.Chunk(options.ChunkSize).Select(chunk => (TextBatch)text.InputEncoder.Collate(chunk, device))],
            Rows = tensor([.. texts.Select(t => places[_known[t]])], device: device),
        };
    }

    private EncodedInput Encode(string node) => text.InputEncoder.Encode(
        options.Read == NodeReading.Mask ? [new TextPiece(node, Shortenable: true), new MaskPiece()] : [new TextPiece(node, Shortenable: true)], _encoding);
}
