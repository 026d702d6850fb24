using System.Globalization;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Host.Benchmarks;
using DeltaTune.Host.Options;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Training;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Benchmarks.Gin;

/// <summary>Our side of the comparison: writes what both sides read (<c>write</c>), or makes training steps on it (<c>step</c>) and prints their times as JSON.</summary>
internal static class Program
{
    private const int WarmUpPasses = 10; // by then the runtime has compiled what runs often
    private const double LearningRate = 1e-3;

    private static int Main(string[] arguments)
    {
        string folder = Text(arguments, "--folder");
        double dropout = double.Parse(Text(arguments, "--dropout"), CultureInfo.InvariantCulture);
        IServiceCollection services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones().AddAdapters();
        using ServiceProvider provider = services.BuildServiceProvider();
        var catalog = provider.GetRequiredService<IComponentCatalog>();
        using Backbone backbone = Create<BackboneLoader>(catalog, ComponentKind.Backbone, "gin", RandomMolecules.Options(dropout)).Load();
        using Head head = backbone.CreateHead(classes: 2);
        if (arguments[0] == "write")
        {
            Work.Write(backbone, head, Text(arguments, "--molecules"), Number(arguments, "--batch"), Number(arguments, "--batches"), folder);
            return 0;
        }

        set_num_threads(Number(arguments, "--threads"));
        Work.ReadHead(folder, head);
        using Delta delta = Create<Delta>(catalog, ComponentKind.Delta, "full", []);
        delta.Attach(backbone);
        backbone.train();
        head.train();
        delta.Training = true;
        ModelBatch[] batches = Work.Read(folder, backbone.InputEncoder);
        using var step = new TrainingStep(backbone, delta, head, flat => new FlatAdam(flat, weightDecay: 0, decoupled: false), LearningRate, largestNorm: 0);
        Console.WriteLine(Measure(step, batches, Number(arguments, "--passes")));
        return 0;
    }

    // The fastest step of each batch, and the median over all: what else the machine does can only add to a step.
    private static JObject Measure(TrainingStep step, ModelBatch[] batches, int passes)
    {
        double[][] best = [.. batches.Select(_ => Enumerable.Repeat(double.PositiveInfinity, 4).ToArray())];
        List<double> whole = [], losses = [];
        TimeSpan worked = default;
        for (int pass = -WarmUpPasses; pass < passes; pass++)
        {
            for (int b = 0; b < batches.Length; b++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                using Tensor labels = StepBenchmark.LabelsOf(batches[b], CPU);
                (double forward, double backward, double update, double loss) = step.Run(batches[b], labels);
                losses.Add(loss);
                if (pass >= 0)
                {
                    worked += Environment.CpuUsage.TotalTime - before;
                    double[] parts = [forward, backward, update, forward + backward + update];
                    whole.Add(parts[3]);
                    best[b] = [.. parts.Zip(best[b], Math.Min)];
                }
            }
        }

        return new JObject
        {
            ["torch"] = __version__,
            ["threads"] = get_num_threads(),
            ["trainable_parameters"] = step.Count,
            ["forward_ms"] = Mean(best, 0),
            ["backward_ms"] = Mean(best, 1),
            ["optimizer_ms"] = Mean(best, 2),
            ["step_ms"] = Mean(best, 3),
            ["median_step_ms"] = Math.Round(new StepTimes(whole).Median, 3),
            ["processor_ms"] = Math.Round(worked.TotalMilliseconds / whole.Count, 3),
            ["peak_mib"] = Math.Round(PeakMemory.Bytes() / 1048576.0, 1),
            ["losses"] = new JArray(losses.Take(batches.Length)),
        };
    }

    private static double Mean(double[][] best, int part) => Math.Round(best.Average(b => b[part]), 3);

    private static T Create<T>(IComponentCatalog catalog, ComponentKind kind, string name, JObject options)
        where T : class
        => catalog.Create<T>(kind, name, options.ToObject(catalog.Get(kind, name).OptionsType, OptionNames.Serializer)!);

    private static int Number(string[] arguments, string name) => int.Parse(Text(arguments, name), CultureInfo.InvariantCulture);

    private static string Text(string[] arguments, string name)
        => arguments.FirstOrDefault(a => a.StartsWith(name + "=", StringComparison.Ordinal)) is { } found ? found[(name.Length + 1)..] : throw new ArgumentException($"needs {name}=...");
}
