using DeltaTune.Host.Reports;
using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Tests.Reports;

internal sealed class CrossTableTests
{
    [Test]
    public void Of_TwoMetrics_HasTheMetricAtEachColumn()
    {
        ComparisonRow[] rows =
        [
            Row(0.75, "roc-auc", "bace", "gin", "lora"), Row(0.5, "roc-auc", "bace", "gat", "lora"),
            Row(1.25, "rmse", "esol", "gin", "lora"), // esol with gat is not run yet
        ];

        Assert.That(CrossTable.Of(rows), Is.EqualTo(new string[][]
        {
            ["variant", "bace (roc-auc)", "esol (rmse)"],
            ["gin · lora", "0.7500 ± 0.1000", "1.2500 ± 0.1000"],
            ["gat · lora", "0.5000 ± 0.1000", ""],
        }));
        Assert.That(ComparisonColumns.Table(rows)[3].Take(3), Is.EqualTo(new[] { "esol · gin · lora", "rmse", "1.2500" }));
    }

    [Test]
    public void Of_OneNameAtTheFirstPlace_HasTheColumnsOfTheNext()
        => Assert.That(
            CrossTable.Of([Row(0.75, "roc-auc", "bace", "gin", "lora"), Row(0.5, "roc-auc", "bace", "gat", "lora")]),
            Is.EqualTo(new string[][] { ["variant", "gin", "gat"], ["bace · lora", "0.7500 ± 0.1000", "0.5000 ± 0.1000"] }));

    [Test]
    public void Of_OneNameAtEachPlace_IsNone()
        => Assert.That(CrossTable.Of([Row(0.75, "roc-auc", "bace", "lora"), Row(0.5, "roc-auc", "bace", "full")]), Is.Null);

    private static ComparisonRow Row(double score, string metric, params string[] names) => new()
    {
        Variant = PlannedRow.Join(names), Names = names, Metric = metric, Score = score, Spread = 0.1, Scores = [score], Seeds = [1], TrainableParameters = 10, Seconds = 1,
    };
}
