using DeltaTune.Backbones.Graphs;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Draws the network that a pretraining begins with.</summary>
internal static class FreshNetwork
{
    /// <summary>Draws a network, open to training.</summary>
    /// <param name="options">Kind and sizes.</param>
    /// <param name="features">How many features a node has; null for molecules.</param>
    /// <param name="seed">Where its weights come from.</param>
    public static GraphNetwork Draw(GraphPretrainingOptions options, int? features, long seed)
    {
        switch (options.Network)
        {
            case GraphNetworkKind.Gcn:
                GcnOptions gcn = Sized(new GcnOptions());
                return new GraphNetworkFile(gcn, new GcnFamily(gcn.Scheme, "gcn", "GCN", gcn.SelfLoops, gcn.EdgeWeights)).Build();
            case GraphNetworkKind.GraphSage:
                GraphSageOptions sage = Sized(new GraphSageOptions());
                return new GraphNetworkFile(sage, new SageFamily(sage.Scheme, "graphsage", "GraphSAGE", "lin_l", "lin_r", sage.Aggregation, readsMolecules: true, edgeWeights: false)).Build();
            case GraphNetworkKind.Gat:
                GatOptions gat = Sized(new GatOptions { Heads = options.Heads });
                return new GraphNetworkFile(gat, new GatFamily(gat)).Build();
            default:
                GinOptions gin = Sized(new GinOptions());
                return new GraphNetworkFile(gin, new GinFamily(gin, gin.Epsilon, gin.TrainEpsilon, readsEdges: false)).Build();
        }

        T Sized<T>(T network)
            where T : GraphNetworkOptions
            => (T)(network with
            {
                Seed = seed,
                Scheme = features is null ? GraphScheme.Molecule : GraphScheme.Features,
                Features = features,
                Layers = options.Layers,
                HiddenSize = options.HiddenSize,
                Dropout = options.Dropout,
                InputDropout = features is null ? 0 : options.InputDropout,
                Convolutions = features is null || options.Norms ? null : [.. Enumerable.Range(0, options.Layers).Select(i => $"convs.{i}")], // named, so without norms
            });
    }
}
