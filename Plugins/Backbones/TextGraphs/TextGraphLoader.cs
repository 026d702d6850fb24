using DeltaTune.Options;

namespace DeltaTune.Backbones.TextGraphs;

/// <summary>Reads a text backbone and a graph network, and makes one backbone of them.</summary>
/// <remarks>
/// Sources: Zhu et al. 2021, "TextGNN: Improving Text Encoder via Graph Neural Network in Sponsored Search", https://arxiv.org/abs/2101.06323; He et al. 2023,
/// "Harnessing Explanations: LLM-to-LM Interpreter for Enhanced Text-Attributed Graph Representation Learning", https://arxiv.org/abs/2305.19523.
/// Differs from them: both parts are frozen, and deltas on either side train together.
/// </remarks>
public sealed class TextGraphLoader : BackboneLoader
{
    private readonly TextGraphOptions _options;
    private readonly BackboneLoader _text, _network;

    /// <summary>Creates the loaders of both parts; nothing is read yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="components">Makes the parts.</param>
    public TextGraphLoader(TextGraphOptions options, IComponentCatalog components)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(components);
        _options = options;
        _text = Make(options.Text, "text");
        _network = Make(options.Network, "network");

        BackboneLoader Make(ComponentChoice? choice, string key) => choice is null
            ? throw new InvalidRunException(key, "must name a backbone, but is missing")
            : components.Create<BackboneLoader>(ComponentKind.Backbone, choice.Type, choice.Options);
    }

    /// <inheritdoc/>
    public override BackboneDescription Describe()
    {
        BackboneDescription text = At("text", _text.Describe), network = At("network", _network.Describe);
        if (text.Kind is BackboneKind.Graph or BackboneKind.EncoderDecoder)
        {
            throw new InvalidRunException("text", $"must be an encoder or a decoder of text, such as 'bert', but '{text.Family}' is {(text.Kind == BackboneKind.Graph ? "a graph network" : "both in one")}");
        }

        if (network.Kind != BackboneKind.Graph || network.FeatureScheme != "features")
        {
            throw new InvalidRunException("network", $"must be a graph network in the scheme 'features', such as 'graphsage', but '{network.Family}' reads {(network.Kind == BackboneKind.Graph ? $"the scheme '{network.FeatureScheme}'" : "text")}");
        }

        // Each part counts its layers from 0: no site has a higher number than the deeper part's. Neither part's folder is the whole's.
        return network with { Family = "text-graph", FeatureScheme = "text", Layers = Math.Max(text.Layers, network.Layers), Source = "" };
    }

    /// <inheritdoc/>
    public override Backbone Load()
    {
        BackboneDescription description = Describe();
        int features = VectorSize(_text.Describe());
        Backbone? network = null, text = null;
        try
        {
            network = At("network", _network.Load); // the smaller one first
            if (network.Embeddings.Features != features)
            {
                throw new InvalidRunException("network.features", $"must be {features}, the size of a vector of the text backbone, but is {network.Embeddings.Features}");
            }

            text = At("text", _text.Load);
            var whole = new TextGraphNetwork(description, text, network, _options);
            whole.Finish();
            return whole;
        }
        catch
        {
            text?.Dispose();
            network?.Dispose();
            throw;
        }
    }

    private int VectorSize(BackboneDescription text) => _options.Read == NodeReading.Pooled ? text.PooledSize ?? text.HiddenSize : text.HiddenSize;

    // A part knows its own options' names, not under which name it is a part: 'path' becomes 'text.path'.
    private static T At<T>(string part, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidRunException found)
        {
            throw new InvalidRunException([.. found.Problems.Select(p => p.Path.All(c => char.IsAsciiLetterLower(c) || c is '_' or '.') ? p with { Path = $"{part}.{p.Path}" } : p)]);
        }
    }
}
