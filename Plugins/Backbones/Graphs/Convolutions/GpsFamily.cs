namespace DeltaTune.Backbones.Graphs;

/// <summary>Graph transformers of message passing and global attention.</summary>
/// <param name="options">Settings.</param>
/// <remarks>Names as in PyG's GPSConv: <c>conv</c>, <c>attn.in_proj_weight</c>, <c>attn.out_proj</c>, <c>mlp.0</c>, <c>mlp.3</c>, <c>norm1</c> to <c>norm3</c>, each with <c>.module</c> or without.</remarks>
internal sealed class GpsFamily(GpsOptions options) : GraphFamily
{
    private readonly GraphFamily _local = options.Local == GpsLocal.Gcn
        ? new GcnFamily(options.Scheme, "gcn", "GCN", selfLoops: true, edgeWeights: false)
        : new GinFamily(options, 0, false, options.Local == GpsLocal.Gine, options.EdgeFeatures ?? options.HiddenSize);

    public override string Name => "gps";

    public override string Title => "GPS";

    public override bool ReadsMolecules => false;

    public override double Epsilon => 0;

    public override bool HasOneSize => true;

    public override string? InputMap => "lins.0";

    public override bool ActivatesInput => false;

    public override bool HasNorms => false;

    public override GraphEncoding Encoding => options.Encoding;

    public override long EncodingSize => options.EncodingSize;

    public override ConvolutionPlan Plan(GraphShapes shapes, string name, int layer, long? input)
    {
        if (options.Connections != GraphConnections.None)
        {
            throw new InvalidRunException("connections", "must be 'none' for the backbone 'gps', whose layers have skip connections of their own, but is given");
        }

        ConvolutionPlan local = _local.Plan(shapes, name + ".conv", layer, input);
        string path = $"layers.{layer}";
        long size = local.In, inner = (shapes.Matrix(name + ".mlp.0") ?? throw shapes.Missing(name + ".mlp.0.weight"))[0];
        if (size % options.Heads != 0)
        {
            throw new InvalidRunException("heads", $"must divide the {size} features of a state, but is {options.Heads}");
        }

        MapPlan output = Map("attn.out_proj", "attn.out", size, size), up = Map("mlp.0", "ffn.in", size, inner), down = Map("mlp.3", "ffn.out", inner, size);
        string[] norms = [.. Enumerable.Range(1, 3).Select(i => $"{name}.norm{i}").Select(n => shapes.Has(n + ".module.weight") ? n + ".module" : n)];
        List<WeightSpec> specs =
        [
            .. local.Specs,
            new WeightSpec(name + ".attn.in_proj_weight", path + ".attn.qkv.weight", layer, [3 * size, size], WeightStart.Noise),
            new WeightSpec(name + ".attn.in_proj_bias", path + ".attn.qkv.bias", layer, [3 * size], WeightStart.Zero),
        ];
        foreach (MapPlan map in new[] { output, up, down })
        {
            specs.Add(new WeightSpec(map.Name + ".weight", map.Path + ".weight", layer, [map.Out, map.In], WeightStart.Noise));
            specs.Add(new WeightSpec(map.Name + ".bias", map.Path + ".bias", layer, [map.Out], WeightStart.Zero));
        }

        string[] places = ["conv.norm", "attn.norm", "ffn.norm"];
        specs.AddRange(norms.Zip(places).SelectMany(n => GraphSpecs.Norm(n.First, $"{path}.{n.Second}", layer, size)));
        return new ConvolutionPlan(name, size, size, specs, nodes => new GpsConvolution(
            local.Build(nodes), new GraphAttention(layer, name + ".attn", size, options.Heads, nodes), up.Site(nodes), down.Site(nodes),
            [.. norms.Select(n => new GraphBatchNorm(nodes[n], options.NormEpsilon))], path, norms, layer, options.Activation, options.Dropout))
        {
            EdgeNumbers = local.EdgeNumbers,
            Activates = false,
        };

        MapPlan Map(string own, string site, long reads, long gives) => new($"{name}.{own}", $"{path}.{site}", layer, reads, gives);
    }

    public override long Untrained(IDictionary<string, IReadOnlyList<long>> shapes, string name, long input, long output)
    {
        _local.Untrained(shapes, name + ".conv", input, output);
        shapes[name + ".mlp.0.weight"] = [2 * output, output];
        return output;
    }
}
