using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Reads a graph isomorphism network from a state dict, or draws an untrained one.</summary>
/// <remarks>Source: Xu et al. 2019, https://arxiv.org/abs/1810.00826; molecules: Hu et al. 2020, https://arxiv.org/abs/1905.12265.</remarks>
internal sealed class GinLoader : BackboneLoader
{
    private readonly GinOptions _options;

    /// <summary>Creates the loader; nothing is read yet.</summary>
    /// <param name="options">Its settings.</param>
    public GinLoader(GinOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <inheritdoc/>
    public override BackboneDescription Describe()
    {
        if (_options.Path is null)
        {
            return Describe(Untrained(), "");
        }

        using var checkpoint = new GinCheckpoint(_options.Path);
        return Describe(new GinLayout(_options, checkpoint.Path, checkpoint.Shapes).Read(), checkpoint.Path);
    }

    /// <inheritdoc/>
    public override Backbone Load()
    {
        using DisposeScope scope = NewDisposeScope(); // a module keeps its own tensors out of it
        GinNetwork network;
        if (_options.Path is null)
        {
            GinConfig config = Untrained();
            using var start = new GinUntrained(_options);
            network = new GinNetwork(Describe(config, ""), config, GinSpecs.Of(config), start.Draw, []);
        }
        else
        {
            using var checkpoint = new GinCheckpoint(_options.Path);
            GinConfig config = new GinLayout(_options, checkpoint.Path, checkpoint.Shapes).Read();
            IReadOnlyList<WeightSpec> specs = GinSpecs.Of(config);
            Dictionary<string, Tensor> weights = checkpoint.Read(specs);
            network = new GinNetwork(Describe(config, checkpoint.Path), config, specs, spec => weights[spec.Name], checkpoint.ReadHead(_options.Head));
        }

        network.Finish();
        return network;
    }

    private GinConfig Untrained()
    {
        _ = _options.Seed ?? throw new InvalidRunException("path", "must name a checkpoint, or there must be a seed for an untrained network, but neither is given");
        return new GinLayout(_options, "an untrained network", GinUntrained.Shapes(_options)).Read();
    }

    private static BackboneDescription Describe(GinConfig config, string source) => new()
    {
        Family = "gin",
        Kind = BackboneKind.Graph,
        HiddenSize = (int)config.OutputSize,
        Layers = config.Layers.Count,
        FeatureScheme = config.IsMolecule ? "molecule" : "features",
        Source = source,
    };
}
