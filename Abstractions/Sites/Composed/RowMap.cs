using DeltaTune.Batches;

namespace DeltaTune.Sites.Composed;

/// <summary>Finds the row that each entry of a site's input belongs to.</summary>
internal static class RowMap
{
    /// <summary>Gives each entry along the input's first dimension its row's value.</summary>
    /// <param name="values">By row.</param>
    /// <param name="batch">The pass's.</param>
    /// <param name="entries">How long the input's first dimension is.</param>
    /// <param name="path">The site's, for messages.</param>
    /// <returns>By entry.</returns>
    public static int[] Spread(int[] values, ModelBatch batch, long entries, string path)
    {
        if (values.Length != batch.Rows)
        {
            throw new InvalidOperationException($"a batch of {batch.Rows} rows must name a delta for each, or null, but its RowDeltas name {values.Length}");
        }

        if (batch is GraphBatch graphs && entries == graphs.NodeGraph.size(0))
        {
            int[] ofGraphs = graphs.ReadNodes is null ? values : OfGraphs(values, graphs, path);
            return [.. GraphRows.OfNodes(graphs).Select(g => ofGraphs[g])];
        }

        // A head at mask positions reads one entry a mask; a pooler, one a row. Where each row has one mask both are the same.
        if (batch is TextBatch whole && (whole.Target ?? whole) is { MaskPositions: { } masks } text && entries == masks.size(0) && path.StartsWith("head", StringComparison.Ordinal))
        {
            long length = text.Length;
            return [.. BatchRows.Numbers(masks).Select(m => values[m / length])];
        }

        return entries == values.Length
            ? values
            : throw new InvalidOperationException($"rows are routed at site '{path}', but its {entries} entries cannot be told apart into the {values.Length} rows of the batch");
    }

    // Several rows may read out at nodes of one graph, which runs once. A graph where none does matters to nobody.
    private static int[] OfGraphs(int[] values, GraphBatch graphs, string path)
    {
        var first = new int?[graphs.Graphs]; // the row that came first
        long[] owners = GraphRows.OfRows(graphs);
        for (int row = 0; row < owners.Length; row++)
        {
            int earlier = first[owners[row]] ??= row;
            if (values[earlier] != values[row])
            {
                throw new InvalidOperationException(
                    $"rows are routed at site '{path}', where all rows of one graph must go one way, but rows {earlier + 1} and {row + 1} read out at one graph and go through '{graphs.RowDeltas![earlier]}' and '{graphs.RowDeltas[row]}'");
            }
        }

        return [.. first.Select(row => values[row ?? 0])];
    }
}
