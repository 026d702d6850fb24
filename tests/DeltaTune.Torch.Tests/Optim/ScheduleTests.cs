using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace DeltaTune.Torch.Tests.Optim;

[TestFixture]
internal sealed class ScheduleTests
{
    [TestCase("linear")]
    [TestCase("cosine")]
    [TestCase("constant_with_warmup")]
    public void SequentialLR_WarmUpThenAnother_GivesTheRecordedRates(string name)
    {
        using var scope = NewDisposeScope();
        JsonElement golden = GoldenOptimizers.Load().GetProperty("schedules").GetProperty(name); // 5 steps of warm-up, 20 in all
        using SGD optimizer = SGD([new Parameter(ones(1))], golden.GetProperty("base_lr").GetDouble());
        lr_scheduler.LRScheduler warmUp = lr_scheduler.LinearLR(optimizer, 0, 1, 5);
        lr_scheduler.LRScheduler rest = name switch
        {
            "linear" => lr_scheduler.LinearLR(optimizer, 1, 0, 15),
            "cosine" => lr_scheduler.CosineAnnealingLR(optimizer, 15),
            _ => lr_scheduler.ConstantLR(optimizer, 1, 0),
        };

        lr_scheduler.LRScheduler schedule = lr_scheduler.SequentialLR(optimizer, [warmUp, rest], [5]);

        double[] actual = Rates(schedule, optimizer, 20);
        Assert.That(actual, Is.EqualTo(golden.GetProperty("lr_at_step").Numbers()[..20]).Within(1e-9)); // recorded with 9 digits
    }

    private static readonly object[] s_formulas =
    [
        new object[] { "step", (Func<Optimizer, lr_scheduler.LRScheduler>)(o => lr_scheduler.StepLR(o, 3, 0.5)), (Func<int, double>)(t => Math.Pow(0.5, t / 3)) },
        new object[] { "multistep", (Func<Optimizer, lr_scheduler.LRScheduler>)(o => lr_scheduler.MultiStepLR(o, [2, 5], 0.1)), (Func<int, double>)(t => t < 2 ? 1 : t < 5 ? 0.1 : 0.01) },
        new object[] { "exponential", (Func<Optimizer, lr_scheduler.LRScheduler>)(o => lr_scheduler.ExponentialLR(o, 0.9)), (Func<int, double>)(t => Math.Pow(0.9, t)) },
        new object[] { "constant", (Func<Optimizer, lr_scheduler.LRScheduler>)(o => lr_scheduler.ConstantLR(o, 0.25, 4)), (Func<int, double>)(t => t < 4 ? 0.25 : 1) },
        new object[] { "polynomial", (Func<Optimizer, lr_scheduler.LRScheduler>)(o => lr_scheduler.PolynomialLR(o, 5, 2)), (Func<int, double>)(t => Math.Pow(1 - (Math.Min(5, t) / 5.0), 2)) },
        new object[] { "lambda", (Func<Optimizer, lr_scheduler.LRScheduler>)(o => lr_scheduler.LambdaLR(o, t => 1.0 / (1 + t))), (Func<int, double>)(t => 1.0 / (1 + t)) },
        new object[] { "multiplicative", (Func<Optimizer, lr_scheduler.LRScheduler>)(o => lr_scheduler.MultiplicativeLR(o, t => 0.5)), (Func<int, double>)(t => Math.Pow(0.5, t)) },
    ];

    [TestCaseSource(nameof(s_formulas))]
    public void Schedule_Steps_FollowTheFormula(string name, Func<Optimizer, lr_scheduler.LRScheduler> make, Func<int, double> formula)
    {
        using var scope = NewDisposeScope();
        using SGD optimizer = SGD([new Parameter(ones(1))], 0.2);

        double[] actual = Rates(make(optimizer), optimizer, 9);

        Assert.That(actual, Is.EqualTo(Enumerable.Range(0, 9).Select(t => 0.2 * formula(t))).Within(1e-12), name);
    }

    [Test]
    public void OneCycleLR_TwentySteps_RisesAndFallsByCosines()
    {
        using var scope = NewDisposeScope();
        using AdamW optimizer = AdamW([new Parameter(ones(1))]);

        double[] actual = Rates(lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps: 20), optimizer, 20);

        // up from 0.1/25 over 0.3·20 − 1 = 5 steps, down to 0.1/25/10⁴ over the other 14
        double Between(double from, double to, double share) => to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * share)));
        IEnumerable<double> expected = Enumerable.Range(0, 20)
            .Select(t => t <= 5 ? Between(0.004, 0.1, t / 5.0) : Between(0.1, 0.0000004, (t - 5) / 14.0));
        Assert.That(actual, Is.EqualTo(expected).Within(1e-12));
        Assert.That(optimizer.ParamGroups.Cast<IBetas>().Single().Betas.Item1, Is.EqualTo(0.95).Within(1e-12));
    }

    [Test]
    public void Step_ToAGivenEpoch_SetsItsRate()
    {
        using var scope = NewDisposeScope();
        using SGD optimizer = SGD([new Parameter(ones(1))], 1);
        lr_scheduler.LRScheduler schedule = lr_scheduler.StepLR(optimizer, 2);

        schedule.step((int?)4);

        Assert.That(schedule.get_last_lr(), Is.EqualTo(new[] { 0.01 }).Within(1e-12));
    }

    private static double[] Rates(lr_scheduler.LRScheduler schedule, Optimizer optimizer, int count)
    {
        double[] rates = new double[count];
        for (int step = 0; step < count; step++)
        {
            rates[step] = optimizer.ParamGroups.Single().LearningRate;
            Assert.That(schedule.get_last_lr().Single(), Is.EqualTo(rates[step]));
            if (step < count - 1)
            {
                schedule.step();
            }
        }
        return rates;
    }
}
