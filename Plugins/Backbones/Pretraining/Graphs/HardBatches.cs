using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Pretraining;
using DeltaTune.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Batches of graphs that the network finds alike, so that telling them apart is hard.</summary>
/// <remarks>Source: Yang et al. 2023, BatchSampler, https://arxiv.org/abs/2306.03355, algorithm 1.</remarks>
internal sealed class HardBatches : IDisposable
{
    private const int Chunk = 512; // molecules of one pass for embeddings
    private readonly BatchSamplerOptions _options;
    private readonly GraphNetwork _network;
    private readonly GraphSet _set;
    private readonly PretrainingJob _job;
    private readonly int[] _items; // those to train on
    private readonly int _degree;
    private long[]? _neighbours;

    public HardBatches(BatchSamplerOptions options, GraphNetwork network, GraphSet set, RowOrder order, PretrainingJob job)
    {
        (_options, _network, _set, _job) = (options, network, set, job);
        var heldOut = order.HeldOut.ToHashSet();
        _items = [.. Enumerable.Range(0, set.Graphs.Count).Where(item => !heldOut.Contains(item))];
        _degree = Math.Min(Math.Min(options.Neighbours, options.Candidates), _items.Length - 1);
        if (_degree < 1)
        {
            throw new InvalidRunException("data", $"must have 2 {set.Items} or more to train on for a batch sampler, but has {_items.Length}");
        }

        Neighbours = zeros([_items.Length, _degree], ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>Gets the proximity graph as a checkpoint keeps it: the network that made it has moved on since.</summary>
    public Tensor Neighbours { get; }

    /// <summary>Puts the batch of a step together.</summary>
    /// <param name="step">Steps of the stage before it.</param>
    /// <param name="size">How many molecules are wanted.</param>
    public int[] Draw(long step, int size)
    {
        if (step % _options.RefreshSteps == 0)
        {
            Refresh(step);
        }

        if (_neighbours is null)
        {
            using TorchSharp.Utils.TensorAccessor<long> kept = Neighbours.data<long>();
            _neighbours = [.. kept];
        }

        int[] batch = RestartWalk.Batch(_neighbours, _degree, Math.Min(size, _items.Length), _options.Restart, new SplitMix64(Seeds.Of(_job.Seed, 5, step)));
        return [.. batch.Select(i => _items[i])];
    }

    public void Dispose() => Neighbours.Dispose();

    private void Refresh(long step)
    {
        using IDisposable off = no_grad();
        _network.eval();
        int size = _network.Description.HiddenSize;
        var embeddings = new float[_items.Length * size];
        for (int first = 0; first < _items.Length; first += Chunk)
        {
            using DisposeScope scope = NewDisposeScope();
            EncodedGraph[] rows = [.. _items.Skip(first).Take(Chunk).Select(item => new EncodedGraph(_set.Graphs[item]))];
            var batch = (GraphBatch)_network.InputEncoder.Collate(rows, _job.Device);
            Tensor pooled = _network.Read(_network.Run(batch, ReadOutKind.Pooled), new ReadOut(ReadOutKind.Pooled));
            Tensor unit = (pooled / pooled.square().sum(dim: 1, keepdim: true).add(1e-12).sqrt()).cpu();   // [graphs, hidden], of length 1
            using TorchSharp.Utils.TensorAccessor<float> values = unit.data<float>();
            values.CopyTo(embeddings, first * size);
        }

        _neighbours = ProximityGraph.Build(embeddings, size, _options.Candidates, _options.Neighbours, new SplitMix64(Seeds.Of(_job.Seed, 6, step)));
        using Tensor made = tensor(_neighbours, [_items.Length, _degree]);
        Neighbours.copy_(made);
    }
}
