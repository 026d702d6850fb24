using System.Text.Json;
using DeltaTune.Backbones.Tests.Transformers;
using DeltaTune.Training;

namespace DeltaTune.Backbones.Tests.Training;

/// <summary>Schedules against transformers'.</summary>
[TestFixture]
public sealed class LearningRateScheduleTests
{
    [TestCase("constant", ScheduleKind.Constant, 0)] // transformers' has no warm-up whatever is asked for
    [TestCase("constant_with_warmup", ScheduleKind.Constant, 5)]
    [TestCase("linear", ScheduleKind.Linear, 5)]
    [TestCase("cosine", ScheduleKind.Cosine, 5)]
    public void Factor_TransformersSchedule_Agrees(string name, ScheduleKind kind, long warmup)
    {
        using Golden golden = Golden.Open("optimizers");
        JsonElement expected = golden.Root.GetProperty("schedules").GetProperty(name);
        var schedule = new LearningRateSchedule(kind, warmup, expected.GetProperty("total").GetInt64());
        double rate = expected.GetProperty("base_lr").GetDouble();

        // Up to the end of the run: beyond it transformers' cosine would rise again, ours stays at 0.
        double[] actual = [.. Enumerable.Range(0, (int)schedule.TotalSteps + 1).Select(step => rate * schedule.Factor(step))];

        double[] wanted = [.. expected.GetProperty("lr_at_step").EnumerateArray().Take(actual.Length).Select(v => v.GetDouble())];
        Assert.That(actual, Is.EqualTo(wanted).Within(1e-9)); // nine digits are given
    }
}
