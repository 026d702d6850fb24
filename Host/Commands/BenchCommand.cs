using System.CommandLine;
using System.Globalization;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Host.Benchmarks;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>Times training steps on backbones of random weights.</summary>
internal sealed class BenchCommand : ICliCommand
{
    private static readonly Dictionary<string, RandomBert> Shapes = new()
    {
        ["bert-small"] = new RandomBert(Layers: 4, Hidden: 512, Heads: 8, Vocabulary: 30522, Positions: 512),
        ["bert-base"] = new RandomBert(Layers: 12, Hidden: 768, Heads: 12, Vocabulary: 30522, Positions: 512),
    };

    private static readonly string[] ShapeNames = [.. Shapes.Keys, RandomMolecules.Shape];

    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var what = new Argument<string>("what") { Description = "step: one training step." };
        var shape = new Option<string>("--shape") { Description = $"The backbone: {string.Join(", ", ShapeNames)}.", DefaultValueFactory = _ => "bert-small" };
        var delta = new Option<string>("--delta") { Description = "none (forward only), head, or a delta trained with the head: full, lora, adapter, prefix, ...", DefaultValueFactory = _ => "lora" };
        var batch = new Option<int>("--batch") { Description = "Rows in a batch.", DefaultValueFactory = _ => 16 };
        var length = new Option<int?>("--seq") { Description = $"Tokens in a row (128), or atoms in a molecule ({RandomMolecules.Atoms})." };
        var steps = new Option<int>("--steps") { Description = "Steps that are timed, after two that are not.", DefaultValueFactory = _ => 20 };
        var dropout = new Option<double>("--dropout") { Description = "The probability of dropping in backbone and head.", DefaultValueFactory = _ => 0 };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples("bench", "Time training steps on a backbone of random weights.", "bench step --shape bert-base --delta lora --batch 16 --seq 128 --threads 2 --json")
        {
            what, shape, delta, batch, length, steps, dropout, device.Device, device.Threads, json,
        };
        command.SetAction(result =>
        {
            Check("what", result.GetValue(what)!, ["step"]);
            Check("--shape", result.GetValue(shape)!, ShapeNames);
            string method = result.GetValue(delta)!;
            CheckDelta(context, method);
            Device chosen = device.Of(result);
            string wanted = result.GetValue(shape)!;
            int size = result.GetValue(length) ?? (wanted == RandomMolecules.Shape ? RandomMolecules.Atoms : 128);
            JObject report = wanted == RandomMolecules.Shape
                ? MeasureMolecules(context, method, result.GetValue(batch), size, result.GetValue(steps), result.GetValue(dropout), chosen)
                : Measure(context, Shapes[wanted], method, result.GetValue(batch), size, result.GetValue(steps), result.GetValue(dropout), chosen);
            report.AddFirst(new JProperty("threads", get_num_threads()));
            report.AddFirst(new JProperty("seq", size));
            report.AddFirst(new JProperty("batch", result.GetValue(batch)));
            report.AddFirst(new JProperty("delta", method));
            report.AddFirst(new JProperty("shape", wanted));
            Write(context, report, result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static JObject Measure(CommandContext context, RandomBert shape, string method, int batch, int length, int steps, double dropout, Device device)
    {
        if (batch < 1 || length < 4 || length > shape.Positions || steps < 1)
        {
            throw new InvalidRunException("bench", $"needs a batch of 1 or more, 4 to {shape.Positions} tokens and 1 step or more, but has --batch {batch} --seq {length} --steps {steps}");
        }

        string folder = Directory.CreateTempSubdirectory("deltatune-bench-").FullName;
        try
        {
            shape.Write(folder, dropout, seed: 1);
            object options = Options(context, ComponentKind.Backbone, "bert", new JObject { ["path"] = folder });
            BackboneLoader loader = context.Plugins.Catalog.Create<BackboneLoader>(ComponentKind.Backbone, "bert", options);
            using Backbone loaded = loader.Load();
            Backbone backbone = device.type == DeviceType.CPU ? loaded : loaded.to(device);
            manual_seed(1).Dispose();
            using Delta? delta = method is "none" or "head" ? null : context.Plugins.Catalog.Create<Delta>(ComponentKind.Delta, method, Options(context, ComponentKind.Delta, method, []));
            using TextBatch rows = new()
            {
                InputIds = randint(5, shape.Vocabulary, [batch, length], dtype: ScalarType.Int64, device: device).DetachFromDisposeScope(),
                AttentionMask = ones([batch, length], dtype: ScalarType.Int64, device: device).DetachFromDisposeScope(),
            };
            return StepBenchmark.Run(backbone, delta, trainsHead: method != "none", rows, steps, dropout > 0, context.Cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JObject MeasureMolecules(CommandContext context, string method, int batch, int atoms, int steps, double dropout, Device device)
    {
        if (batch < 1 || atoms < 6 || steps < 1)
        {
            throw new InvalidRunException("bench", $"needs a batch of 1 or more, 6 atoms or more and 1 step or more, but has --batch {batch} --seq {atoms} --steps {steps}");
        }

        object options = Options(context, ComponentKind.Backbone, "gin", RandomMolecules.Options(dropout));
        using Backbone loaded = context.Plugins.Catalog.Create<BackboneLoader>(ComponentKind.Backbone, "gin", options).Load();
        Backbone backbone = device.type == DeviceType.CPU ? loaded : loaded.to(device);
        manual_seed(1).Dispose();
        JObject where = method == "adapter" ? new JObject { ["sites"] = "conv" } : method == "lora" ? new JObject { ["sites"] = "all-linear" } : [];
        using Delta? delta = method is "none" or "head" ? null : context.Plugins.Catalog.Create<Delta>(ComponentKind.Delta, method, Options(context, ComponentKind.Delta, method, where));
        using ModelBatch molecules = RandomMolecules.Batch(backbone.InputEncoder, batch, atoms, device);
        return StepBenchmark.Run(backbone, delta, trainsHead: method != "none", molecules, steps, dropout > 0, context.Cancellation);
    }

    private static object Options(CommandContext context, ComponentKind kind, string name, JObject values)
        => values.ToObject(context.Plugins.Catalog.Get(kind, name).OptionsType, OptionNames.Serializer)!;

    private static void CheckDelta(CommandContext context, string method)
    {
        string[] deltas = [.. context.Plugins.Components.Where(c => c.Kind == ComponentKind.Delta).Select(c => c.Name)];
        if (method is not ("none" or "head") && !deltas.Contains(method))
        {
            throw new InvalidRunException("--delta", $"'{method}' is not available; there are: none, head, {string.Join(", ", deltas)}");
        }
    }

    private static void Check(string place, string value, IEnumerable<string> known)
    {
        if (!known.Contains(value))
        {
            throw new InvalidRunException(place, $"must be one of {string.Join(", ", known)}, but is '{value}'");
        }
    }

    private static void Write(CommandContext context, JObject report, bool json)
    {
        if (json)
        {
            context.WriteJson(report);
            return;
        }

        TextTable.Write(context.Output, [.. report.Properties().Select(p => new[]
        {
            p.Name.Replace('_', ' '),
            p.Value is JObject times ? string.Create(CultureInfo.InvariantCulture, $"{times["median"]} ({times["q1"]} to {times["q3"]})") : p.Value.ToString(),
        })]);
    }
}
