using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>molecules</c> task: one table of molecules with labels, split by scaffold.</summary>
/// <remarks>
/// A name that ends in <c>.gz</c> is unpacked while it is read. The table is CSV with a header. Molecules that
/// cannot be are left out, as in MoleculeNet. One column of 0 and 1 makes a task of two classes, several make one of as many outputs, each yes or no;
/// with the metric <c>rmse</c> or <c>mae</c> the labels are numbers.
/// </remarks>
public sealed record MoleculesTaskOptions : IValidatableObject
{
    /// <summary>Gets the table, <c>.csv</c> or <c>.csv.gz</c>.</summary>
    /// <value>Needed.</value>
    [Required, PathOption]
    public string? Data { get; init; }

    /// <summary>Gets the name of the task in reports.</summary>
    /// <value>The default, null, is the table's name without its endings.</value>
    public string? Name { get; init; }

    /// <summary>Gets the column with the SMILES.</summary>
    /// <value>The default is <c>smiles</c>, as MoleculeNet's tables but BACE have it.</value>
    [Required, MinLength(1)]
    public string Smiles { get; init; } = "smiles";

    /// <summary>Gets the columns with labels; an empty cell is a missing label.</summary>
    /// <value>One or more.</value>
    [MinLength(1)]
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Gets the metric that chooses checkpoints.</summary>
    /// <value>The default is <c>roc-auc</c>, averaged over the columns that have both labels, as MoleculeNet reports (Wu et al. 2018, arXiv:1703.00564).</value>
    [AllowedValues(MetricNames.RocAuc, MetricNames.Accuracy, MetricNames.MacroF1, MetricNames.Matthews, MetricNames.Rmse, MetricNames.Mae)]
    public string Metric { get; init; } = MetricNames.RocAuc;

    /// <summary>Gets a table of the split: split, row of the molecule from 0, with a header; more columns are passed over.</summary>
    /// <value>The default, null, splits by scaffold.</value>
    [PathOption]
    public string? SplitFile { get; init; }

    /// <summary>Gets the share of molecules to train on, when the split is by scaffold.</summary>
    /// <value>Above 0, below 1. The default is 0.8, as in Hu et al. 2020, §5.1, https://arxiv.org/abs/1905.12265.</value>
    [Range(0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double TrainShare { get; init; } = 0.8;

    /// <summary>Gets the share of molecules to choose by; the others are tested on.</summary>
    /// <value>0 or more, below 1. The default is 0.1, from the same place.</value>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double DevShare { get; init; } = 0.1;

    /// <summary>Gets how many examples are used, in a task of classes.</summary>
    /// <value>The default takes all.</value>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Gets what the labels are.</summary>
    internal LabelKind Kind => Metric is MetricNames.Rmse or MetricNames.Mae ? LabelKind.Number : Labels.Count > 1 ? LabelKind.Binary : LabelKind.Class;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TrainShare + DevShare > 1)
        {
            yield return new ValidationResult($"must be at most {1 - TrainShare:0.###} beside a train_share of {TrainShare:0.###}, but is {DevShare:0.###}", [nameof(DevShare)]);
        }

        if (Kind == LabelKind.Binary && Metric != MetricNames.RocAuc)
        {
            yield return new ValidationResult($"must be 'roc-auc' for {Labels.Count} columns of labels, or 'rmse' or 'mae' where they are numbers, but is '{Metric}'", [nameof(Metric)]);
        }

        if (Kind != LabelKind.Class && (Sampling.Shots > 0 || Sampling.DevShots > 0))
        {
            yield return new ValidationResult("must be left out where labels are not classes: examples are drawn by class", [nameof(Sampling)]);
        }

        foreach (string name in Labels.GroupBy(l => l).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return new ValidationResult($"must have different columns, but '{name}' comes more than once", [nameof(Labels)]);
        }
    }
}
