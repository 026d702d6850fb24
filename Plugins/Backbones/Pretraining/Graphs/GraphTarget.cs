using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>What one stage asks of the network, with the head that answers.</summary>
internal abstract class GraphTarget(GraphNetwork network, GraphSet set, Device device) : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Gets the head's parameters by name.</summary>
    public abstract IEnumerable<(string Name, Parameter Weight)> Parameters { get; }

    /// <summary>Gets the head's tensors that training moves but no gradient does, by name.</summary>
    public virtual IEnumerable<(string Name, Tensor Buffer)> Buffers => [];

    /// <summary>Gets the score of one who knows only how often each answer comes.</summary>
    public abstract double Chance { get; }

    /// <summary>Gets what the score is.</summary>
    public abstract string ScoreName { get; }

    protected GraphNetwork Network => network;

    protected GraphSet Set => set;

    protected Device Device => device;

    /// <summary>The loss of a batch.</summary>
    /// <param name="items">Which items of the set.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>Tensors in the current dispose scope.</returns>
    public abstract GraphLoss Loss(IReadOnlyList<int> items, SplitMix64 random);

    /// <summary>Says whether the head itself is in training.</summary>
    public virtual void Train(bool on)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
    }

    protected T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    /// <summary>Lays graphs side by side.</summary>
    protected GraphBatch Batch(IEnumerable<Graph> graphs) => Batch([.. graphs.Select(g => new EncodedGraph(g))]);

    /// <summary>Lays graphs side by side, with the nodes that they ask about.</summary>
    protected GraphBatch Batch(IReadOnlyList<EncodedGraph> rows) => (GraphBatch)network.InputEncoder.Collate(rows, device);

    /// <summary>Runs the network.</summary>
    /// <returns><c>[nodes, hidden]</c>.</returns>
    protected Tensor States(GraphBatch batch) => network.Run(batch, ReadOutKind.States).States;

    /// <summary>The mean of each graph's nodes, or the nodes asked about.</summary>
    /// <returns><c>[rows, hidden]</c>.</returns>
    protected Tensor Pooled(GraphBatch batch) => network.Read(network.Run(batch, ReadOutKind.Pooled), new ReadOut(ReadOutKind.Pooled));
}
