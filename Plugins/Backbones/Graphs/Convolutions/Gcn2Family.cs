using DeltaTune.Sites;

namespace DeltaTune.Backbones.Graphs;

/// <summary>GCNII, a deep GCN.</summary>
/// <param name="options">Settings.</param>
/// <remarks>Names as in PyG's GCN2Conv, <c>weight1</c> and <c>weight2</c>, kept as [in, out]; the map before the first layer is <c>lins.0</c>, as in its examples.</remarks>
internal sealed class Gcn2Family(Gcn2Options options) : GraphFamily
{
    public override string Name => "gcn2";

    public override string Title => "GCNII";

    public override bool ReadsMolecules => false;

    public override double Epsilon => 0;

    public override bool HasOneSize => true;

    public override string? InputMap => "lins.0";

    public override bool HasNorms => false;

    public override ConvolutionPlan Plan(GraphShapes shapes, string name, int layer, long? input)
    {
        if (options.Connections == GraphConnections.Dense)
        {
            throw new InvalidRunException("connections", "must be 'none', 'residual' or 'pre_activation' for the backbone 'gcn2', whose layers all read one size, but is 'dense'");
        }

        var parts = new ConvolutionParts(shapes, name, layer);
        long size = (shapes.Find(name + ".weight1") ?? throw shapes.Missing(name + ".weight1"))[0];
        bool own = shapes.Has(name + ".weight2");
        parts.Own("weight1", [size, size], WeightStart.Noise);
        if (own)
        {
            parts.Own("weight2", [size, size], WeightStart.Noise);
        }

        double beta = Math.Log((options.Theta / (layer + 1)) + 1);
        LoopRule loops = options.SelfLoops ? LoopRule.Replace : LoopRule.Keep;
        return new ConvolutionPlan(name, size, size, parts.Specs, nodes => new Gcn2Convolution(
            Site(nodes, "weight1", "lin"), own ? Site(nodes, "weight2", "initial") : null, loops, options.EdgeWeights, options.Alpha, beta))
        {
            EdgeNumbers = options.EdgeWeights ? 1 : 0,
        };

        LinearSite Site(IReadOnlyDictionary<string, WeightNode> nodes, string leaf, string path)
            => new($"{parts.Path}.{path}", $"{name}.{leaf}", layer, size, size, () => nodes[name].Other(leaf).t(), () => null, isTransposed: true);
    }

    public override long Untrained(IDictionary<string, IReadOnlyList<long>> shapes, string name, long input, long output)
    {
        shapes[name + ".weight1"] = [output, output];
        if (options.OwnInitialMaps)
        {
            shapes[name + ".weight2"] = [output, output];
        }

        return output;
    }
}
