using DeltaTune.Deltas;
using DeltaTune.Host.Benchmarks;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Exchange;
using DeltaTune.Host.Options;
using DeltaTune.Host.Plugins;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Training;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Runs;

/// <summary>A run small enough for a test: a random BERT of two layers, and sentences of good and bad words.</summary>
internal sealed class TinyRun : IDisposable
{
    private static readonly string[] Good = ["good", "fine", "happy", "sweet"], Bad = ["bad", "poor", "sad", "bitter"];
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public TinyRun()
    {
        var services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones().AddPrompts().AddAdapters();
        _services = services.BuildServiceProvider();
        Directory.CreateDirectory(In("bert"));
        new RandomBert(Layers: 2, Hidden: 32, Heads: 4, Vocabulary: 64, Positions: 32, Deviation: 0.3)
            .Write(In("bert"), dropout: 0.1, seed: 7, [.. Good, .. Bad, "great", "terrible", "it", "was", ".", "the", "film", "is", "a"]);
        foreach ((string split, int rows) in new[] { ("train", 48), ("dev", 16), ("test", 24) })
        {
            _folder.Write($"data/{split}.tsv", string.Concat(Enumerable.Range(0, rows).Select(Row)));
        }

        File = new JObject
        {
            ["name"] = "tiny",
            ["seed"] = 3,
            ["task"] = new JObject
            {
                ["type"] = "tsv",
                ["data"] = In("data"),
                ["classes"] = new JArray(
                    new JObject { ["name"] = "negative", ["label_words"] = new JArray("terrible") }, new JObject { ["name"] = "positive", ["label_words"] = new JArray("great") }),
            },
            ["backbone"] = new JObject { ["type"] = "bert", ["path"] = In("bert") },
            ["template"] = new JObject { ["type"] = "manual", ["text"] = "{\"placeholder\": \"text_a\"} it was {\"mask\"} ." },
            ["verbalizer"] = new JObject { ["type"] = "manual" },
            ["deltas"] = new JArray(new JObject { ["type"] = "lora", ["name"] = "default", ["rank"] = 4, ["dropout"] = 0.1 }),
            ["training"] = new JObject { ["learning_rate"] = 0.02, ["epochs"] = 4, ["batch_size"] = 8, ["log_every"] = 1, ["checkpoint_every"] = 5 },
        };
    }

    public JObject File { get; }

    public IComponentCatalog Catalog => _services.GetRequiredService<IComponentCatalog>();

    public RunComposer Composer => new(Catalog, Files);

    public SavedRun Saved => new([.. _services.GetServices<DeltaFormat>()]);

    public DeltaFiles Files => new([.. _services.GetServices<DeltaFormat>()]);

    public string In(string name) => Path.Combine(_folder.Path, name);

    public RunSpec Spec(params string[] sets) => new RunFile(Catalog.All, _folder.Path).Read(File, In("run.json"), sets, RunPurpose.Training);

    public RunSpec SpecOf(RunFolder folder) => new RunFile(Catalog.All, _folder.Path).Load(folder.RunFile, [], RunPurpose.Training);

    public RunMetrics Run(string name, IRunObserver? observer = null, bool resume = false, CancellationToken token = default, params string[] sets)
        => new Runner(Composer, Saved).Run(Spec(sets), In(name), CPU, resume, force: false, observer ?? new Watcher(_ => { }), token);

    /// <summary>Runs a command on the run file, with plugins composed in code.</summary>
    public (int Code, string Output, string Error) Command(string name, params string[] args)
    {
        System.IO.File.WriteAllText(In("run.json"), File.ToString());
        return Execute([name, In("run.json"), "--device", "cpu", .. args]);
    }

    /// <summary>Runs a command line, with plugins composed in code.</summary>
    public (int Code, string Output, string Error) Execute(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var context = new CommandContext(output, error, CancellationToken.None, () =>
        {
            var services = new ServiceCollection();
            services.AddDeltaTune().AddBackbones().AddPrompts().AddAdapters();
            return new PluginSet(services, [new LoadedPlugin("own", "", "", [.. Catalog.All])], []);
        });
        int code = DeltaTuneCommandLine.Run(args, CommandSet.All, context);
        return (code, output.ToString(), error.ToString());
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private static string Row(int i)
    {
        string[] words = i % 2 == 0 ? Bad : Good;
        return $"{i % 2}\tthe film is {words[i / 2 % 4]}{(i % 3 == 0 ? $" a {words[i % 4]}" : "")}\n";
    }

    /// <summary>Watches by a function.</summary>
    internal sealed class Watcher(Action<TrainingEvent> reached) : IRunObserver
    {
        public void Say(string sentence)
        {
        }

        public void Started(RunPlan plan)
        {
        }

        public void Reached(TrainingEvent value) => reached(value);
    }
}
