using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Finds for each changed copy of a graph the other changed copy among those of the whole batch.</summary>
/// <remarks>
/// Source: You et al. 2020, GraphCL, equation 3, https://arxiv.org/abs/2010.13902: cosines of projected vectors over a temperature, through softmax.
/// Differs from it: the positive pair stands in the denominator too, and each copy is looked for from the other, as in SimCLR.
/// </remarks>
internal sealed class ContrastiveTarget : GraphTarget
{
    private readonly GraphStage _stage;
    private readonly HeadMap _inner, _outer;
    private readonly int _batch;

    public ContrastiveTarget(GraphNetwork network, GraphSet set, Device device, GraphStage stage, Generator generator, int batch)
        : base(network, set, device)
    {
        int hidden = network.Description.HiddenSize;
        (_stage, _batch) = (stage, batch);
        _inner = Own(new HeadMap("projection.0", hidden, hidden, generator, device));
        _outer = Own(new HeadMap("projection.2", hidden, hidden, generator, device));
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Weight)> Parameters => [.. _inner.Parameters, .. _outer.Parameters];

    /// <inheritdoc/>
    public override double Chance => 1.0 / _batch;

    /// <inheritdoc/>
    public override string ScoreName => "share of copies found in the batch";

    /// <inheritdoc/>
    public override GraphLoss Loss(IReadOnlyList<int> items, SplitMix64 random)
    {
        Tensor first = Project(items, random), second = Project(items, random);                         // [graphs, hidden], of length 1
        Tensor scores = first.mm(second.t()) / _stage.Temperature;                                      // [graphs, graphs]
        Tensor own = arange(items.Count, ScalarType.Int64, Device);
        Tensor loss = (nn.functional.cross_entropy(scores, own) + nn.functional.cross_entropy(scores.t(), own)) / 2;
        using Tensor right = scores.argmax(1).eq(own).sum();
        return new GraphLoss(loss, items.Count, right.item<long>() / (double)items.Count);
    }

    private Tensor Project(IReadOnlyList<int> items, SplitMix64 random)
    {
        IEnumerable<Graph> copies = items.Select(item => GraphAugmenter.Apply(
            Set.Graphs[item], _stage.Augmentations[random.Next(_stage.Augmentations.Count)], _stage.AugmentationRate, random));
        Tensor projected = _outer.Call(_inner.Call(Pooled(Batch(copies.ToArray()))).relu());
        return projected / projected.square().sum(dim: 1, keepdim: true).add(1e-12).sqrt();
    }
}
