using System.Globalization;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Finds a GIN in the names and shapes of a checkpoint.</summary>
/// <remarks>
/// Molecules: the names of snap-stanford/pretrain-gnns, chem/model.py, with or without <c>gnn.</c> before them. Features: the names of PyG's GINConv, whose
/// network is a Sequential (<c>nn.0</c>, <c>nn.2</c>) or an MLP (<c>nn.lins.0</c>, <c>nn.norms.0</c>).
/// </remarks>
internal sealed class GinLayout
{
    private readonly GinOptions _options;
    private readonly string _source;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<long>> _shapes;

    /// <param name="options">Settings.</param>
    /// <param name="source">The checkpoint, for messages.</param>
    /// <param name="shapes">Its tensors.</param>
    public GinLayout(GinOptions options, string source, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes)
        => (_options, _source, _shapes) = (options, source, shapes);

    /// <summary>Reads names and shapes.</summary>
    /// <exception cref="InvalidRunException">There is no GIN of that scheme in them, or the options say otherwise.</exception>
    public GinConfig Read()
    {
        GinConfig config = _options.Scheme == GraphScheme.Molecule ? Molecule() : Features();
        Agree("layers", _options.Layers, config.Layers.Count);
        Agree("hidden_size", _options.HiddenSize, config.Layers[^1].Out);
        Agree("features", _options.Features, config.InputSize);
        if (_options.TrainEpsilon && !config.Layers.Any(layer => layer.HasEpsilon))
        {
            throw new InvalidRunException("train_epsilon", $"must be false, since '{_source}' has no ε to train, but is true");
        }

        if (_options.JumpingKnowledge is JumpingKnowledge.Max or JumpingKnowledge.Sum
            && config.Layers.Select(layer => layer.Out).Concat(config.IsMolecule ? [config.InputSize] : []).Distinct().Count() > 1)
        {
            throw new InvalidRunException("jumping_knowledge",
                $"must be 'last' or 'concat' for layers of different sizes [{string.Join(", ", config.Layers.Select(layer => layer.Out))}], "
                + $"but is '{(_options.JumpingKnowledge == JumpingKnowledge.Max ? "max" : "sum")}'");
        }

        return config;
    }

    private GinConfig Molecule()
    {
        const string first = "x_embedding1.weight";
        string found = _shapes.Keys.FirstOrDefault(name => name == first || name.EndsWith("." + first, StringComparison.Ordinal)) ?? throw Missing(first);
        string prefix = found[..^first.Length];
        long hidden = Table(first)[1];
        var layers = new List<GinLayerConfig>();
        while (layers.Count == 0 || Any($"{prefix}gnns.{layers.Count}."))
        {
            string convolution = $"{prefix}gnns.{layers.Count}";
            layers.Add(new GinLayerConfig(convolution, Maps(convolution + ".mlp", hidden), $"{prefix}batch_norms.{layers.Count}", HasEpsilon: false));
            hidden = layers[^1].Out;
        }

        long types = Table("gnns.0.edge_embedding1.weight")[0];
        if (types <= GraphEdges.SelfLoopType)
        {
            throw new InvalidRunException($"'{_source}': tensor '{prefix}gnns.0.edge_embedding1.weight'",
                $"must have a row for self-loops, the bond type {GraphEdges.SelfLoopType}, but has {types} rows");
        }

        return new GinConfig
        {
            Options = _options,
            Prefix = prefix,
            NodeCategories = [Table(first)[0], Table("x_embedding2.weight")[0]],
            EdgeCategories = [types, Table("gnns.0.edge_embedding2.weight")[0]],
            Layers = layers,
        };

        IReadOnlyList<long> Table(string name) => _shapes.TryGetValue(prefix + name, out IReadOnlyList<long>? shape) && shape.Count == 2
            ? shape
            : throw Missing(prefix + name);
    }

    private GinConfig Features()
    {
        var layers = new List<GinLayerConfig>();
        while (_options.Convolutions is { } given ? layers.Count < given.Count : layers.Count == 0 || Any($"convs.{layers.Count}."))
        {
            int i = layers.Count;
            string convolution = _options.Convolutions?[i] ?? $"convs.{i}";
            layers.Add(new GinLayerConfig(
                convolution, Maps(convolution + ".nn", i == 0 ? null : layers[^1].Out), Norm(i), _shapes.ContainsKey(convolution + ".eps")));
        }

        return new GinConfig { Options = _options, Layers = layers };
    }

    private string? Norm(int layer)
    {
        if (_options.Norms is { } given)
        {
            return given[layer].Length == 0 ? null : given[layer];
        }

        string[] usual = [$"norms.{layer}", $"norms.{layer}.module", $"bns.{layer}", $"batch_norms.{layer}"];
        return _options.Convolutions is null ? usual.FirstOrDefault(name => _shapes.ContainsKey(name + ".running_mean")) : null;
    }

    // mlp.0, mlp.2 with a batch norm between them or not; or lins.0, lins.1 with norms.0
    private List<GinMapConfig> Maps(string network, long? input)
    {
        var maps = new List<GinMapConfig>();
        if (Any(network + ".lins."))
        {
            for (int i = 0; Matrix($"{network}.lins.{i}") is { } shape; i++)
            {
                string[] norms = [$"{network}.norms.{i}", $"{network}.norms.{i}.module"];
                Add($"{network}.lins.{i}", norms.FirstOrDefault(name => _shapes.ContainsKey(name + ".running_mean")), shape);
            }
        }

        int last = Places(network).DefaultIfEmpty(-1).Max();
        for (int i = 0; i <= last; i++)
        {
            if (Matrix($"{network}.{i}") is { } shape)
            {
                Add($"{network}.{i}", null, shape);
            }
            else if (maps.Count > 0 && _shapes.ContainsKey($"{network}.{i}.running_mean"))
            {
                maps[^1] = maps[^1] with { Norm = $"{network}.{i}" };
            }
        }

        return maps.Count > 0 ? maps : throw Missing(network + ".0.weight");

        // A map reads what the one before it gives; a checkpoint that disagrees is found out when its shapes are checked.
        void Add(string name, string? norm, IReadOnlyList<long> shape)
            => maps.Add(new GinMapConfig(name, norm, maps.Count > 0 ? maps[^1].Out : input ?? shape[1], shape[0]));
    }

    private IReadOnlyList<long>? Matrix(string module)
        => _shapes.TryGetValue(module + ".weight", out IReadOnlyList<long>? shape) && shape.Count == 2 ? shape : null;

    private IEnumerable<int> Places(string network) => _shapes.Keys
        .Where(name => name.StartsWith(network + ".", StringComparison.Ordinal))
        .Select(name => name[(network.Length + 1)..].Split('.')[0])
        .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : -1);

    private bool Any(string start) => _shapes.Keys.Any(name => name.StartsWith(start, StringComparison.Ordinal));

    private static void Agree(string option, long? given, long read)
    {
        if (given is { } size && size != read)
        {
            throw new InvalidRunException(option, $"must be {read}, as in the checkpoint, or be left out, but is {size}");
        }
    }

    private InvalidRunException Missing(string name) => new("path",
        $"must name a GIN in the scheme '{(_options.Scheme == GraphScheme.Molecule ? "molecule" : "features")}', but '{_source}' has no matrix '{name}'; "
        + $"it has {_shapes.Count} tensors, the first being {string.Join(", ", _shapes.Keys.Take(3).Select(other => $"'{other}'"))}");
}
