using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Tells the node that another has an edge to from nodes that it has none to, by how alike their states are.</summary>
/// <remarks>
/// Sources. Each pair by itself, σ(h_v · h_u): EdgePred of Hu et al. 2020, §5.2 (snap-stanford/pretrain-gnns, chem/pretrain_edgepred.py), and Sun et al. 2022, GPPT, §4.1. One among others,
/// softmax of cos(h_v, h_u) / τ: Liu et al. 2023, GraphPrompt, equation 3, https://arxiv.org/abs/2302.08043; differs from it: the states themselves stand for the subgraphs around the nodes.
/// Those without an edge are drawn within a molecule, or from the whole graph.
/// </remarks>
internal sealed class EdgeTarget(GraphNetwork network, GraphSet set, Device device, GraphStage stage) : GraphTarget(network, set, device)
{
    private readonly bool _compares = stage.Objective == GraphObjective.EdgeSimilarity;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Weight)> Parameters => [];

    /// <inheritdoc/>
    public override double Chance => _compares ? 1.0 / (1 + stage.Negatives) : stage.Negatives / (1.0 + stage.Negatives);

    /// <inheritdoc/>
    public override string ScoreName => _compares ? "share of neighbours found" : "share of pairs told";

    /// <inheritdoc/>
    public override GraphLoss Loss(IReadOnlyList<int> items, SplitMix64 random)
    {
        NodeLinks links = Set.Links(items, stage.Negatives, random);
        GraphBatch batch = Batch(links.Rows);
        Tensor states = batch.ReadNodes is null ? States(batch) : Pooled(batch);                        // [nodes, hidden]
        if (links.Firsts.Length == 0)
        {
            return new GraphLoss(states.sum() * 0, 0, 0);
        }

        if (_compares)
        {
            states = nn.functional.normalize(states, dim: 1);
        }

        Tensor first = Rows(states, links.Firsts).unsqueeze(1);                                         // [pairs, 1, hidden]
        Tensor second = cat([Rows(states, links.Linked).unsqueeze(1), Rows(states, links.Others).view(links.Firsts.Length, stage.Negatives, -1)], 1);
        Tensor scores = (first * second).sum(dim: 2);                                                   // [pairs, 1 + negatives], the linked one first
        return _compares ? OneAmongOthers(scores / stage.Temperature) : EachByItself(scores);
    }

    private static Tensor Rows(Tensor states, long[] places)
    {
        using Tensor index = tensor(places, device: states.device);
        return states.index_select(0, index);
    }

    private static GraphLoss OneAmongOthers(Tensor scores)
    {
        Tensor wanted = zeros([scores.size(0)], ScalarType.Int64, scores.device);
        using Tensor right = scores.argmax(1).eq(wanted).sum();
        return new GraphLoss(nn.functional.cross_entropy(scores, wanted), scores.size(0), right.item<long>() / (double)scores.size(0));
    }

    private static GraphLoss EachByItself(Tensor scores)
    {
        Tensor wanted = zeros_like(scores).index_fill(1, zeros([1], ScalarType.Int64, scores.device), 1);
        using Tensor right = scores.gt(0).eq(wanted.gt(0)).sum();
        return new GraphLoss(nn.functional.binary_cross_entropy_with_logits(scores, wanted), scores.numel(), right.item<long>() / (double)scores.numel());
    }
}
