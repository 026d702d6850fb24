using DeltaTune.Pretraining;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Pretrains a graph network on molecules, or on the nodes of one graph, without labels, into a folder that its backbone reads.</summary>
/// <remarks>Source: Hu et al. 2020, "Strategies for Pre-training Graph Neural Networks", https://arxiv.org/abs/1905.12265.</remarks>
internal sealed class GraphPretraining(GraphPretrainingOptions options) : PretrainingObjective
{
    private bool IsNodes => Directory.Exists(options.Data);

    /// <inheritdoc/>
    public override void Check()
    {
        if (!IsNodes)
        {
            if (!File.Exists(options.Data))
            {
                throw new InvalidRunException("data", $"must be a file with a SMILES first on each line, plain or .gz, or a folder with a graph's tables, but there is neither at '{options.Data}'");
            }

            return;
        }

        foreach (string name in NodeGraphFile.Names)
        {
            NodeGraphFile.Find(options.Data, name);
        }

        for (int i = 0; i < options.Stages.Count; i++)
        {
            if (options.Stages[i].Objective is GraphObjective.AttributeMasking or GraphObjective.Properties or GraphObjective.ContextPrediction)
            {
                throw new InvalidRunException($"stages[{i}].objective", "must be 'edge-prediction', 'edge-similarity' or 'contrastive' for the nodes of one graph: the others are about molecules");
            }
        }
    }

    /// <inheritdoc/>
    public override PretrainingProgress Run(PretrainingJob job, IProgress<PretrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        Check();
        Directory.CreateDirectory(Path.Combine(job.Folder, "training"));
        GraphSet set = IsNodes ? NodeSet.Read(options) : MoleculeSet.Read(options.Data, cancellationToken);
        using var trainer = new GraphPretrainer(options, job, set);
        return trainer.Run(progress, cancellationToken);
    }
}
