using System.Globalization;
using System.Runtime.InteropServices;
using DeltaTune.Pretraining;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Writes the model card of a graph network: what it is, what it has read, how long it took, what it tells.</summary>
internal static class GraphCard
{
    public static string Write(GraphPretrainingOptions options, PretrainingJob job, GraphSet set, GraphState state, long parameters, RowOrder order)
    {
        string stages = string.Join("\n", options.Stages.Select((stage, i) => Invariant(
            $"{i + 1}. {What(stage)}: {stage.Steps:N0} steps of {options.BatchSize} {set.Items} ({(double)stage.Steps * options.BatchSize / order.EpochRows:F1} epochs), learning rate {stage.LearningRate}")));
        string results = string.Join("\n", state.Results.Select((result, i) => Invariant(
            $"| {What(options.Stages[i])} | {result.Loss:F3} | {result.HeldOutLoss:F3} | {result.HeldOutScore:F3} | {result.Chance:F3} | {result.ScoreName} |")));
        bool molecules = set.Features is null;
        (string type, string title) = Names(options.Network);
        string reads = molecules
            ? "It reads atoms (element, chirality) and bonds (type, direction) as the networks of Hu et al. 2020 (arXiv:1905.12265) do, and its tensors have their names."
            : Invariant($"It reads {set.Features} features a node, {(options.Normalise ? "divided by their sum" : "as they are")}; its tensors have the names that PyG's networks give them.");
        string load = $"{{ \"type\": \"{type}\", \"path\": this folder{(molecules ? "" : ", \"scheme\": \"features\"")} }}";
        return Invariant($"""
            # A {title} for {(molecules ? "molecules" : "the nodes of one graph")}, pretrained without labels

            A {title} with {options.Layers} layers of {options.HiddenSize} features: {parameters:N0} parameters. {reads} Matrices are float16, vectors float32.
            It was trained by DeltaTune's `graph` pretraining; `"backbone": {load}` reads it.

            ## Data

            - `{Path.GetFileName(options.Data)}`: {set.Contents}; {order.HeldOut.Count:N0} {set.Items} held out

            ## Training

            {stages}

            AdamW, β₂ 0.999, weight decay {options.WeightDecay}, gradient norm at most {options.ClipNorm}; {options.WarmupSteps} steps of warm-up in each stage, then {options.Schedule.ToString().ToLowerInvariant()};
            dropout {options.Dropout}; seed {job.Seed}; {state.ElapsedSeconds / 60:F0} minutes on {job.Device.type.ToString().ToLowerInvariant()} ({RuntimeInformation.ProcessArchitecture}).

            ## Result

            At the end of each stage, the scores on held-out {set.Items}; "by chance" is the score of one who knows only how often each answer comes.

            | stage | training loss | held-out loss | held-out score | by chance | score |
            |---|---|---|---|---|---|
            {results}

            """);
    }

    private static string What(GraphStage stage) => stage.Objective switch
    {
        GraphObjective.AttributeMasking => Invariant($"attribute masking, {stage.MaskRate:P0} of the atoms hidden{(stage.MaskBonds ? " and their bonds" : "")}"),
        GraphObjective.Properties => $"{MoleculeProperties.Names.Count} counts of the whole molecule",
        GraphObjective.EdgePrediction => "edge prediction",
        GraphObjective.EdgeSimilarity => "similarity of nodes with an edge",
        GraphObjective.ContextPrediction => "context prediction",
        _ => "contrast of augmented copies" + (stage.BatchSampler is null ? "" : ", batches by BatchSampler"),
    };

    private static (string Type, string Title) Names(GraphNetworkKind kind) => kind switch
    {
        GraphNetworkKind.Gcn => ("gcn", "graph convolutional network (GCN)"),
        GraphNetworkKind.GraphSage => ("graphsage", "GraphSAGE network"),
        GraphNetworkKind.Gat => ("gat", "graph attention network (GAT)"),
        _ => ("gin", "graph isomorphism network (GIN)"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
