namespace DeltaTune.Backbones.Graphs;

/// <summary>Finds a graph network in the names and shapes of a checkpoint.</summary>
/// <remarks>
/// Molecules: the names of snap-stanford/pretrain-gnns, chem/model.py, with or without <c>gnn.</c> before them. Features: convolutions and norms in lists, as in
/// PyG's own networks, or under names that are given.
/// </remarks>
internal sealed class GraphLayout
{
    private readonly GraphNetworkOptions _options;
    private readonly GraphFamily _family;
    private readonly GraphShapes _shapes;

    /// <param name="options">Settings.</param>
    /// <param name="family">What convolutions look like.</param>
    /// <param name="source">The checkpoint, for messages.</param>
    /// <param name="shapes">Its tensors.</param>
    public GraphLayout(GraphNetworkOptions options, GraphFamily family, string source, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes)
        => (_options, _family, _shapes) = (options, family, new GraphShapes(family.Title, options.Scheme, source, shapes));

    /// <summary>Reads names and shapes.</summary>
    /// <exception cref="InvalidRunException">There is no such network in them, or the options say otherwise.</exception>
    public GraphNetworkConfig Read()
    {
        if (_options.Scheme == GraphScheme.Molecule && !_family.ReadsMolecules)
        {
            throw new InvalidRunException("scheme", $"must be 'features' for the backbone '{_family.Name}', which has no form for molecules, but is 'molecule'");
        }

        GraphNetworkConfig config = _options.Scheme == GraphScheme.Molecule ? Molecule() : Features();
        Agree("layers", _options.Layers, config.Layers.Count);
        CheckOutput(config);
        Agree("features", _options.Features, config.InputSize);
        if (_options.JumpingKnowledge is JumpingKnowledge.Max or JumpingKnowledge.Sum or JumpingKnowledge.Lstm
            && config.Layers.Select(layer => layer.Out).Concat(config.IsMolecule ? [config.InputSize] : []).Distinct().Count() > 1)
        {
            throw new InvalidRunException("jumping_knowledge",
                $"must be 'last' or 'concat' for layers of different sizes [{string.Join(", ", config.Layers.Select(layer => layer.Out))}], "
                + $"but is '{(_options.JumpingKnowledge == JumpingKnowledge.Max ? "max" : _options.JumpingKnowledge == JumpingKnowledge.Sum ? "sum" : "lstm")}'");
        }

        long[] carried = [.. config.Layers.Select(layer => layer.Convolution.EdgeNumbers).Where(n => n > 0).Distinct()];
        return carried.Length < 2
            ? config
            : throw new InvalidRunException($"'{_shapes.Source}'", $"must have layers that read the same numbers an edge, but they read {string.Join(", ", carried)}");
    }

    private GraphNetworkConfig Molecule()
    {
        const string first = "x_embedding1.weight";
        string found = _shapes.Names.FirstOrDefault(name => name == first || name.EndsWith("." + first, StringComparison.Ordinal)) ?? throw _shapes.Missing(first);
        string prefix = found[..^first.Length];
        long hidden = Table("x_embedding1")[1];
        var layers = new List<GraphLayerConfig>();
        while (layers.Count == 0 || _shapes.Any($"{prefix}gnns.{layers.Count}."))
        {
            int i = layers.Count;
            layers.Add(new GraphLayerConfig(_family.Plan(_shapes, $"{prefix}gnns.{i}", i, hidden), $"{prefix}batch_norms.{i}"));
            hidden = layers[^1].Out;
        }

        long types = Table("gnns.0.edge_embedding1")[0];
        if (types <= GraphEdges.SelfLoopType)
        {
            throw new InvalidRunException($"'{_shapes.Source}': tensor '{prefix}gnns.0.edge_embedding1.weight'",
                $"must have a row for self-loops, the bond type {GraphEdges.SelfLoopType}, but has {types} rows");
        }

        return new GraphNetworkConfig
        {
            Options = _options,
            Prefix = prefix,
            NodeCategories = [Table("x_embedding1")[0], Table("x_embedding2")[0]],
            EdgeCategories = [types, Table("gnns.0.edge_embedding2")[0]],
            Layers = layers,
        };

        IReadOnlyList<long> Table(string name) => _shapes.Matrix(prefix + name) ?? throw _shapes.Missing($"{prefix}{name}.weight");
    }

    private GraphNetworkConfig Features()
    {
        MapPlan? input = null;
        if ((_options.InputMap ?? _family.InputMap) is { } name)
        {
            IReadOnlyList<long> shape = _shapes.Matrix(name) ?? throw _shapes.Missing(name + ".weight");
            input = new MapPlan(name, "input", null, shape[1], shape[0]);
        }

        MapPlan? encoding = null;
        if (_family.Encoding != GraphEncoding.None)
        {
            const string map = "pe_lin";
            IReadOnlyList<long> shape = _shapes.Matrix(map) ?? throw _shapes.Missing(map + ".weight");
            encoding = new MapPlan(map, "input.place", null, shape[1], shape[0]);
            Agree("encoding_size", _family.EncodingSize, shape[1]);
        }

        var layers = new List<GraphLayerConfig>();
        while (_options.Convolutions is { } given ? layers.Count < given.Count : layers.Count == 0 || _shapes.Any($"convs.{layers.Count}."))
        {
            int i = layers.Count;
            string convolution = _options.ConvolutionName(i);
            string? norm = Norm(i);
            layers.Add(new GraphLayerConfig(_family.Plan(_shapes, convolution, i, Read(i)), norm) { NormsGraphs = norm is not null && _shapes.Has(norm + ".mean_scale") });
        }

        bool hasEntities = _family.Entities is not null && _shapes.Matrix(_family.Entities) is not null;
        return new GraphNetworkConfig
        {
            Entities = hasEntities ? _family.Entities : null,
            NodeCategories = hasEntities ? [_shapes.Matrix(_family.Entities!)![0]] : [],
            EdgeCategories = layers[0].Convolution.Relations is > 0 and long relations ? [relations] : [],
            Options = _options, Input = input, Encoding = _family.Encoding, EncodingMap = encoding, ActivatesInput = _family.ActivatesInput, Layers = layers,
        };

        // What a layer reads: what the one before it gives, with what its block has given before that where layers are dense.
        long? Read(int layer)
        {
            int first = _options.Connections != GraphConnections.Dense ? layer : layer / (_options.BlockLayers ?? int.MaxValue) * (_options.BlockLayers ?? 1);
            long? width = first == 0 ? input?.Out : layers[first - 1].Out;
            return first == layer ? width : (width ?? layers[0].In) + layers.Skip(first).Take(layer - first).Sum(l => l.Out);
        }
    }

    private void CheckOutput(GraphNetworkConfig config)
    {
        if (_options.OutputSize is not { } size)
        {
            Agree("hidden_size", _options.HiddenSize, config.Layers[^1].Out);
            return;
        }

        if (_family.HasOneSize)
        {
            throw new InvalidRunException("output_size", $"must be left out for the backbone '{_family.Name}', whose layers are all of one size, but is {size}");
        }

        Agree("output_size", size, config.Layers[^1].Out);
        if (config.Layers.Count > 1)
        {
            Agree("hidden_size", _options.HiddenSize, config.Layers[^2].Out);
        }
    }

    private string? Norm(int layer)
    {
        if (_options.Norms is { } given)
        {
            return given[layer].Length == 0 ? null : given[layer];
        }

        string[] usual = [$"norms.{layer}", $"norms.{layer}.module", $"bns.{layer}", $"batch_norms.{layer}"];
        return _options.Convolutions is null
            ? usual.FirstOrDefault(name => _shapes.Has(name + ".running_mean") || _shapes.Has(name + ".mean_scale"))
            : null;
    }

    private static void Agree(string option, long? given, long read)
    {
        if (given is { } size && size != read)
        {
            throw new InvalidRunException(option, $"must be {read}, as in the checkpoint, or be left out, but is {size}");
        }
    }
}
