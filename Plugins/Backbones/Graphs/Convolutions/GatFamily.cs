namespace DeltaTune.Backbones.Graphs;

/// <summary>Networks whose nodes weigh their neighbours: GAT, GATv2, and the attention of graph transformers.</summary>
/// <param name="options">Settings.</param>
/// <remarks>
/// Molecules: <c>weight_linear</c>, <c>att</c>, <c>bias</c> of snap-stanford/pretrain-gnns, chem/model.py. Features: PyG's GATConv (<c>lin_src</c>, or <c>lin</c> in later
/// releases), GATv2Conv (<c>lin_l</c>, <c>lin_r</c>) and TransformerConv (<c>lin_query</c>, <c>lin_key</c>, <c>lin_value</c>, <c>lin_skip</c>, <c>lin_beta</c>).
/// </remarks>
internal sealed class GatFamily(GatOptions options) : GraphFamily
{
    private const int UsualHeads = 2;

    public override string Name => "gat";

    public override string Title => IsMolecule ? "GAT" : options.Attention switch
    {
        AttentionKind.V2 => "GAT of type 'v2'",
        AttentionKind.Transformer => "GAT of type 'transformer'",
        _ => "GAT of type 'v1'",
    };

    public override bool StartsAsGlorot => !IsMolecule && options.Attention != AttentionKind.Transformer; // as in GATConv and GATv2Conv of PyG

    private bool IsMolecule => options.Scheme == GraphScheme.Molecule;

    public override bool ReadsMolecules => true;

    public override double Epsilon => 0;

    public override ConvolutionPlan Plan(GraphShapes shapes, string name, int layer, long? input)
        => IsMolecule ? Molecule(shapes, name, layer, input)
            : options.Attention == AttentionKind.V1 ? First(shapes, name, layer, input)
            : options.Attention == AttentionKind.V2 ? Second(shapes, name, layer, input)
            : Transformer(shapes, name, layer, input);

    public override long Untrained(IDictionary<string, IReadOnlyList<long>> shapes, string name, long input, long output)
    {
        bool isLast = name == options.ConvolutionName(options.UntrainedLayers - 1), answers = isLast && options.OutputHeads is not null;
        int heads = (answers ? options.OutputHeads : options.Heads) ?? UsualHeads;
        bool averages = IsMolecule || answers || options.AverageHeads;
        if (!averages && output % heads != 0)
        {
            throw new InvalidRunException(isLast && options.OutputSize is not null ? "output_size" : "hidden_size", $"must be a multiple of the {heads} heads, which stand one after the other, but is {output}");
        }

        long size = averages ? output : output / heads, width = heads * size;
        void Map(string own, long reads, long gives, bool bias)
        {
            shapes[$"{name}.{own}.weight"] = [gives, reads];
            if (bias)
            {
                shapes[$"{name}.{own}.bias"] = [gives];
            }
        }

        if (IsMolecule)
        {
            Map("weight_linear", input, width, bias: true);
            shapes[name + ".att"] = [1, heads, 2 * size];
        }
        else if (options.Attention == AttentionKind.Transformer)
        {
            string[] maps = ["lin_query", "lin_key", "lin_value"];
            foreach (string map in maps)
            {
                Map(map, input, width, bias: true);
            }

            Map("lin_skip", input, output, bias: true);
        }
        else
        {
            bool first = options.Attention == AttentionKind.V1;
            Map(first ? "lin_src" : "lin_l", input, width, bias: !first);
            if (!first && !options.ShareWeights)
            {
                Map("lin_r", input, width, bias: true);
            }

            string[] vectors = first ? options.EdgeFeatures is null ? ["att_src", "att_dst"] : ["att_src", "att_dst", "att_edge"] : ["att"];
            foreach (string vector in vectors)
            {
                shapes[$"{name}.{vector}"] = [1, heads, size];
            }
        }

        if (!IsMolecule && options.EdgeFeatures is { } carried)
        {
            Map("lin_edge", carried, width, bias: false);
        }

        if (IsMolecule || options.Attention != AttentionKind.Transformer)
        {
            shapes[name + ".bias"] = [output];
        }

        return width;
    }

    private ConvolutionPlan Molecule(GraphShapes shapes, string name, int layer, long? input)
    {
        if (options.Attention != AttentionKind.V1)
        {
            throw new InvalidRunException("attention",
                $"must be 'v1' in the scheme 'molecule', whose networks have no other attention, but is '{(options.Attention == AttentionKind.V2 ? "v2" : "transformer")}'");
        }

        if (options.OutputHeads is { } last)
        {
            throw new InvalidRunException("output_heads", $"must be left out in the scheme 'molecule', whose layers have one number of heads, but is {last}");
        }

        var parts = new ConvolutionParts(shapes, name, layer);
        MapPlan map = parts.Map("weight_linear", "lin", input);
        (long heads, long both) = Checked(shapes, name + ".att", layer);
        parts.Own("att", [1, heads, both], WeightStart.Noise);
        parts.Bonds(map.Out);
        parts.Bias(both / 2);
        return new ConvolutionPlan(name, map.In, both / 2, parts.Specs, nodes => new MoleculeGatConvolution(
            map.Site(nodes), nodes[name], BondTables.Of(name, nodes)!, new AttentionHeads(heads, Averages: true, options.AttentionDropout)));
    }

    private ConvolutionPlan First(GraphShapes shapes, string name, int layer, long? input)
    {
        var parts = new ConvolutionParts(shapes, name, layer);
        MapPlan map = parts.Map(shapes.Matrix(name + ".lin_src") is null && shapes.Matrix(name + ".lin") is not null ? "lin" : "lin_src", "lin", input);
        (long heads, long size) = Checked(shapes, name + ".att_src", layer);
        parts.Own("att_src", [1, heads, size], WeightStart.Noise);
        parts.Own("att_dst", [1, heads, size], WeightStart.Noise);
        MapPlan? edge = Edge(shapes, parts, name);
        if (edge is not null)
        {
            parts.Own("att_edge", [1, heads, size], WeightStart.Noise);
        }

        AttentionHeads all = Heads(shapes, name, layer, heads, size);
        parts.Bias(all.Out(size));
        return new ConvolutionPlan(name, map.In, all.Out(size), parts.Specs,
            nodes => new GatConvolution(map.Site(nodes), edge?.Site(nodes), nodes[name], all, Loops, options.NegativeSlope))
        {
            EdgeNumbers = edge?.In ?? 0,
        };
    }

    private ConvolutionPlan Second(GraphShapes shapes, string name, int layer, long? input)
    {
        var parts = new ConvolutionParts(shapes, name, layer);
        MapPlan source = parts.Map("lin_l", "lin", input);
        MapPlan? target = options.ShareWeights ? null : parts.Map("lin_r", "target", source.In);
        (long heads, long size) = Checked(shapes, name + ".att", layer);
        parts.Own("att", [1, heads, size], WeightStart.Noise);
        MapPlan? edge = Edge(shapes, parts, name);
        AttentionHeads all = Heads(shapes, name, layer, heads, size);
        parts.Bias(all.Out(size));
        return new ConvolutionPlan(name, source.In, all.Out(size), parts.Specs,
            nodes => new GatV2Convolution(source.Site(nodes), target?.Site(nodes), edge?.Site(nodes), nodes[name], all, Loops, options.NegativeSlope))
        {
            EdgeNumbers = edge?.In ?? 0,
        };
    }

    private ConvolutionPlan Transformer(GraphShapes shapes, string name, int layer, long? input)
    {
        bool answers = Answers(shapes, layer);
        int heads = (answers ? options.OutputHeads : options.Heads) ?? (options.Path is null ? UsualHeads
            : throw new InvalidRunException("heads", $"must be given for the attention 'transformer', since '{shapes.Source}' does not tell, but is not"));
        var parts = new ConvolutionParts(shapes, name, layer);
        MapPlan query = parts.Map("lin_query", "q", input), key = parts.Map("lin_key", "k", query.In), value = parts.Map("lin_value", "v", query.In);
        if (query.Out % heads != 0)
        {
            throw new InvalidRunException("heads", $"must divide {query.Out}, the size of the queries in '{shapes.Source}', but is {heads}");
        }

        MapPlan? edge = Edge(shapes, parts, name);
        MapPlan? root = shapes.Matrix(name + ".lin_skip") is null ? null : parts.Map("lin_skip", "root", query.In);
        var all = new AttentionHeads(heads, answers || options.AverageHeads, options.AttentionDropout);
        long output = all.Out(value.Out / heads);
        MapPlan? gate = shapes.Matrix(name + ".lin_beta") is null ? null : parts.Map("lin_beta", "beta", 3 * output);
        return new ConvolutionPlan(name, query.In, output, parts.Specs, nodes => new TransformerConvolution(
            query.Site(nodes), key.Site(nodes), value.Site(nodes), edge?.Site(nodes), root?.Site(nodes), gate?.Site(nodes), all))
        {
            EdgeNumbers = edge?.In ?? 0,
        };
    }

    private LoopRule Loops => options.SelfLoops ? LoopRule.Replace : LoopRule.Keep;

    private static MapPlan? Edge(GraphShapes shapes, ConvolutionParts parts, string name)
        => shapes.Matrix(name + ".lin_edge") is null ? null : parts.Map("lin_edge", "edge", null);

    // Whether this is the last layer, and its heads are told apart from the others'.
    private bool Answers(GraphShapes shapes, int layer) => options.OutputHeads is not null
        && (options.Convolutions is { } given ? layer + 1 == given.Count : !shapes.Any(options.ConvolutionName(layer + 1) + "."));

    private AttentionHeads Heads(GraphShapes shapes, string name, int layer, long heads, long size) => new(
        heads, heads > 1 && (shapes.Find(name + ".bias") is [var width] ? width == size : options.AverageHeads || Answers(shapes, layer)), options.AttentionDropout);

    private (long Heads, long Size) Checked(GraphShapes shapes, string vector, int layer)
    {
        (long heads, long size) = Vectors(shapes, vector);
        (string option, int? given) = Answers(shapes, layer) ? ("output_heads", options.OutputHeads) : ("heads", options.Heads);
        return given is null || given == heads
            ? (heads, size)
            : throw new InvalidRunException(option, $"must be {heads}, as in the checkpoint, or be left out, but is {given}");
    }

    private static (long Heads, long Size) Vectors(GraphShapes shapes, string name)
        => shapes.Find(name) is [1, var heads, var size] ? (heads, size) : throw shapes.Missing(name);
}
