using System.Runtime.CompilerServices;
using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Tells every node of its place in its graph: a linear map of its <see cref="PlaceNumbers"/>, to be added to its state.</summary>
/// <remarks>
/// Sources: Dwivedi et al. 2022, equation 11, https://arxiv.org/abs/2110.07875; Dwivedi et al. 2020, §4, https://arxiv.org/abs/2003.00982. A map of features and encoding
/// side by side is the sum of one map of each. A graph's numbers are computed once and kept as long as the graph; those of a batch that a prompt has added nodes to, at each pass.
/// </remarks>
/// <param name="kind">What a node is told.</param>
/// <param name="size">How many numbers.</param>
/// <param name="map">From those to the size of a state.</param>
internal sealed class PlaceEncoder(GraphEncoding kind, long size, LinearSite map)
{
    private readonly ConditionalWeakTable<Graph, float[]> _graphs = [];
    private readonly ConditionalWeakTable<GraphBatch, float[]> _batches = [];

    public LinearSite Site => map;

    /// <summary>Keeps the numbers of a batch's nodes. May be called from several threads at once.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="graphs">What it was made of, in order.</param>
    public void Keep(GraphBatch batch, IReadOnlyList<Graph> graphs) => _batches.Add(batch, [.. graphs.SelectMany(Of)]);

    /// <param name="batch">The batch as the layers see it.</param>
    /// <param name="like">Has the type and device of the states.</param>
    /// <param name="training">Whether the signs of eigenvectors are drawn.</param>
    /// <returns>A new tensor <c>[nodes, hidden]</c>.</returns>
    public Tensor Call(GraphBatch batch, Tensor like, bool training)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor numbers;
        using (no_grad())
        {
            float[] values = _batches.TryGetValue(batch, out float[]? kept) ? kept : Computed(batch);
            numbers = tensor(values, [values.Length / size, size], device: like.device).to(like.dtype);  // [nodes, size]
            if (training && kind == GraphEncoding.Laplacian)
            {
                Tensor signs = rand([batch.Graphs, size], dtype: like.dtype, device: like.device).sub(0.5).sign();
                numbers *= signs.index_select(0, batch.NodeGraph);
            }
        }

        return map.Call(numbers).MoveToOuterDisposeScope();
    }

    private float[] Of(Graph graph) => _graphs.GetValue(graph, g => PlaceNumbers.Of(kind, (int)size, g.NodeCount, g.Sources, g.Targets));

    private float[] Computed(GraphBatch batch)
    {
        long[] owners = Longs(batch.NodeGraph), ends = Longs(batch.EdgeIndex.flatten());
        int edges = ends.Length / 2;
        ILookup<long, int> own = Enumerable.Range(0, edges).ToLookup(e => owners[ends[e]]);
        var all = new List<float>(owners.Length * (int)size);
        for (int first = 0, end; first < owners.Length; first = end)
        {
            end = first;
            while (end < owners.Length && owners[end] == owners[first]) { end++; }
            int[] here = [.. own[owners[first]]];
            int start = first;
            all.AddRange(PlaceNumbers.Of(kind, (int)size, end - first, [.. here.Select(e => (int)ends[e] - start)], [.. here.Select(e => (int)ends[edges + e] - start)]));
        }

        return [.. all];
    }

    private static long[] Longs(Tensor values)
    {
        using Tensor here = values.cpu();
        using TorchSharp.Utils.TensorAccessor<long> read = here.data<long>();
        return [.. read];
    }
}
