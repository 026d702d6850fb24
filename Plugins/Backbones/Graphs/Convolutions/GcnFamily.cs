using DeltaTune.Sites;

namespace DeltaTune.Backbones.Graphs;

/// <summary>GCN, and SGC, which spreads K times before its map.</summary>
/// <param name="scheme">What nodes and edges carry.</param>
/// <param name="name">The component's name.</param>
/// <param name="title">What it is called in messages.</param>
/// <param name="selfLoops">Whether every node has an edge to itself; molecules always have it.</param>
/// <param name="edgeWeights">Whether an edge carries its weight.</param>
/// <param name="steps">K; 0 for a GCN, which maps first and then spreads once.</param>
/// <param name="teleport">α of each step.</param>
/// <remarks>Molecules: <c>linear</c> of snap-stanford/pretrain-gnns, chem/model.py. Features: <c>lin</c> and <c>bias</c> of PyG's GCNConv, <c>lin</c> of SGConv. MolCLR's form is known by its names.</remarks>
internal sealed class GcnFamily(GraphScheme scheme, string name, string title, bool selfLoops, bool edgeWeights, int steps = 0, double teleport = 0) : GraphFamily
{
    public override string Name => name;

    public override string Title => title;

    public override bool ReadsMolecules => steps == 0;

    public override double Epsilon => 0;

    public override bool StartsAsGlorot => scheme == GraphScheme.Features && steps == 0; // Kipf and Welling 2017, §5.2

    public override ConvolutionPlan Plan(GraphShapes shapes, string name, int layer, long? input)
    {
        bool isMolecule = scheme == GraphScheme.Molecule;
        if (isMolecule && (!selfLoops || edgeWeights))
        {
            throw selfLoops
                ? new InvalidRunException("edge_weights", "must be false in the scheme 'molecule', where edges carry bonds, but is true")
                : new InvalidRunException("self_loops", "must be true in the scheme 'molecule', whose networks always have them, but is false");
        }

        if (isMolecule && shapes.Matrix(name) is { } kept && !shapes.Has(name + ".linear.weight"))
        {
            return MolClr(new ConvolutionParts(shapes, name, layer), name, layer, kept);
        }

        var parts = new ConvolutionParts(shapes, name, layer);
        MapPlan map = parts.Map(isMolecule ? "linear" : "lin", "lin", input);
        if (isMolecule)
        {
            parts.Bonds(map.Out);
        }
        else
        {
            parts.Bias(map.Out);
        }

        LoopRule loops = isMolecule ? LoopRule.Append : selfLoops ? LoopRule.Replace : LoopRule.Keep;
        return new ConvolutionPlan(name, map.In, map.Out, parts.Specs, nodes => steps > 0
            ? new SgcConvolution(map.Site(nodes), loops, edgeWeights, steps, teleport)
            : new GcnConvolution(map.Site(nodes), nodes.GetValueOrDefault(name), isMolecule ? BondTables.Of(name, nodes) : null, loops, edgeWeights))
        {
            EdgeNumbers = edgeWeights && !isMolecule ? 1 : 0,
        };
    }

    // MolCLR keeps W as [in, out] in the convolution itself.
    private static ConvolutionPlan MolClr(ConvolutionParts parts, string name, int layer, IReadOnlyList<long> kept)
    {
        (long input, long output) = (kept[0], kept[1]);
        parts.Own("weight", [input, output], WeightStart.Noise);
        parts.Bias(output);
        parts.Bonds(1);
        return new ConvolutionPlan(name, input, output, parts.Specs, nodes => new MolClrConvolution(
            new LinearSite($"{parts.Path}.linear", name, layer, input, output, () => nodes[name].Weight.t(), () => null, isTransposed: true),
            nodes[name], BondTables.Of(name, nodes)!))
        {
            ReadsHydrogens = true,
        };
    }

    public override long Untrained(IDictionary<string, IReadOnlyList<long>> shapes, string name, long input, long output)
    {
        bool isMolecule = scheme == GraphScheme.Molecule;
        string map = name + (isMolecule ? ".linear" : ".lin");
        shapes[map + ".weight"] = [output, input];
        shapes[(isMolecule || steps > 0 ? map : name) + ".bias"] = [output];
        return output;
    }
}
