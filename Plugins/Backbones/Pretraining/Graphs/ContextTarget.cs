using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Tells whether surroundings belong to an atom's neighbourhood or to another molecule's.</summary>
/// <remarks>
/// Source: Hu et al. 2020, §3.1.1: σ(h_v · c_v), h_v the atom's state in its neighbourhood, c_v the mean state that a second network gives to the atoms
/// where the surroundings lap over it; one negative each, the next molecule's surroundings (chem/pretrain_contextpred.py).
/// </remarks>
internal sealed class ContextTarget : GraphTarget
{
    private readonly GraphNetwork _context;
    private readonly int _hops;

    public ContextTarget(GraphNetwork network, GraphSet set, Device device, GraphPretrainingOptions options, long seed)
        : base(network, set, device)
    {
        _hops = network.Description.Layers;
        _context = Own(FreshNetwork.Draw(options with { Layers = ContextSplit.Thickness, Dropout = 0 }, features: null, seed));
        _context.to(device);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Weight)> Parameters => _context.named_parameters().Select(p => ("context." + p.name, p.parameter));

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Buffer)> Buffers => _context.named_buffers().Select(b => ("context." + b.name, b.buffer));

    /// <inheritdoc/>
    public override double Chance => 0.5;

    /// <inheritdoc/>
    public override string ScoreName => "share of surroundings told";

    /// <inheritdoc/>
    public override void Train(bool on) => _context.train(on);

    /// <inheritdoc/>
    public override GraphLoss Loss(IReadOnlyList<int> items, SplitMix64 random)
    {
        ContextSplit[] splits = [.. items.Select(item => Set.Graphs[item]).Select(g => ContextSplit.Of(g, random.Next(g.NodeCount), _hops)).OfType<ContextSplit>()];
        if (splits.Length < 2)
        {
            GraphBatch whole = Batch(items.Select(item => Set.Graphs[item])); // too small to take apart: every weight gets its gradient, of 0
            return new GraphLoss((States(whole).sum() + _context.Run(whole, ReadOutKind.States).States.sum()) * 0, 0, 0);
        }

        List<long> centres = [], shared = [], owners = [];
        long near = 0, around = 0;
        for (int i = 0; i < splits.Length; i++)
        {
            centres.Add(near + splits[i].Centre);
            shared.AddRange(splits[i].Shared.Select(n => around + n));
            owners.AddRange(splits[i].Shared.Select(_ => (long)i));
            near += splits[i].Neighbourhood.NodeCount;
            around += splits[i].Context.NodeCount;
        }

        Tensor atoms = States(Batch(splits.Select(s => s.Neighbourhood))).index_select(0, Longs(centres));                          // h [splits, hidden]
        Tensor rims = _context.Run(Batch(splits.Select(s => s.Context)), ReadOutKind.States).States.index_select(0, Longs(shared)); // [shared, hidden]
        Tensor contexts = new Segments(Longs(owners), splits.Length, ascending: true).Mean(rims);                                   // c [splits, hidden]
        Tensor others = cat([contexts.narrow(0, 1, splits.Length - 1), contexts.narrow(0, 0, 1)], 0);
        Tensor scores = cat([(atoms * contexts).sum(dim: 1), (atoms * others).sum(dim: 1)], 0);                                     // [2 · splits]
        Tensor wanted = cat([ones([splits.Length], device: Device), zeros([splits.Length], device: Device)], 0);
        using Tensor right = scores.gt(0).eq(wanted.gt(0)).sum();
        return new GraphLoss(nn.functional.binary_cross_entropy_with_logits(scores, wanted), 2 * splits.Length, right.item<long>() / (2.0 * splits.Length));
    }

    private Tensor Longs(List<long> values) => tensor(values.ToArray(), dtype: ScalarType.Int64, device: Device);
}
