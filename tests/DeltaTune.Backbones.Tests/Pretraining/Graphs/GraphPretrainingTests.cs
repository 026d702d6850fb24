using System.Text.Json;
using System.Text.Json.Serialization;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Backbones.Pretraining.Graphs;
using DeltaTune.Files;
using DeltaTune.Pretraining;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Pretraining.Graphs;

/// <summary>Whole small pretrainings: what they learn, and that they go on where they stopped.</summary>
[TestFixture]
public sealed class GraphPretrainingTests
{
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("graph-pretraining-").FullName;
        string[] heads = ["C", "N", "O", "F", "Cl", "CC(C)", "c1ccccc1", "c1ccncc1", "C1CCCC1", "O=C(O)"];
        string[] middles = ["C", "CC", "CCC", "C(=O)N", "COC", "CNC", "C(C)C", "CSC"];
        string[] tails = ["C", "O", "N", "Br", "C#N", "c1ccccc1", "C1CCOCC1"];
        File.WriteAllLines(Data, heads.SelectMany(h => middles.SelectMany(m => tails.Select(t => h + m + t))).Append("no molecule"));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string Data => Path.Combine(_folder, "molecules.smi");

    [Test]
    public void Run_OneObjective_LearnsIt([Values] GraphObjective objective)
    {
        GraphState state = Run(Options(new GraphStage { Objective = objective, Steps = 300, LearningRate = 3e-3, MaskBonds = true }), "out");

        GraphStageResult result = state.Results.Single();
        double[] losses = Losses("out");
        Assert.That(losses[^1], Is.LessThan(losses[0]));
        Assert.That(result.HeldOutScore, Is.GreaterThan(result.Chance + (0.1 * (1 - result.Chance))), result.ToString()); // a tenth of the way from chance to all right
    }

    [Test]
    public void Run_OtherNetworks_WriteWhatTheirBackboneReads([Values(GraphNetworkKind.Gcn, GraphNetworkKind.GraphSage, GraphNetworkKind.Gat)] GraphNetworkKind network)
    {
        var stages = Enum.GetValues<GraphObjective>().Select(objective => new GraphStage { Objective = objective, Steps = 3 }).ToArray();
        Run(Options(stages) with { Network = network }, "out");
        string path = Path.Combine(_folder, "out");

        using Backbone backbone = network switch
        {
            GraphNetworkKind.Gcn => new GcnLoader(new GcnOptions { Path = path }).Load(),
            GraphNetworkKind.GraphSage => new GraphSageLoader(new GraphSageOptions { Path = path }).Load(),
            _ => new GatLoader(new GatOptions { Path = path }).Load(),
        };

        Assert.That((backbone.Description.Layers, backbone.Description.HiddenSize), Is.EqualTo((2, 24)));
    }

    [Test]
    public void Run_BatchSampler_LearnsTheContrast()
    {
        GraphState state = Run(Options(Contrast(100)), "out");

        Assert.That(Losses("out")[^1], Is.LessThan(Losses("out")[0]));
        Assert.That(state.Results[0].HeldOutScore, Is.GreaterThan(4 * state.Results[0].Chance));
    }

    [Test]
    public void Run_Stopped_GoesOnAsIfItHadNot()
    {
        GraphPretrainingOptions options = Options(new GraphStage { Steps = 7 }, Contrast(13), new GraphStage { Objective = GraphObjective.ContextPrediction, Steps = 8 }) with { LogSteps = 1 };
        Run(options, "whole");

        foreach (int stop in (int[])[3, 7, 12, 23]) // within stages, and where one ends
        {
            using var source = new CancellationTokenSource();
            Assert.That(() => Pretrain(options, "parts", new StopAt(stop, source), source.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        Run(options, "parts");

        Assert.That(File.ReadAllBytes(Path.Combine(_folder, "parts", "model.safetensors")), Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder, "whole", "model.safetensors"))));
        Assert.That(Losses("parts"), Is.EqualTo(Losses("whole")));
    }

    [Test]
    public void Run_Finished_WritesWhatTheBackboneReads()
    {
        Run(Options(new GraphStage { Steps = 2 }), "out");

        using Backbone backbone = new GinLoader(new GinOptions { Path = Path.Combine(_folder, "out") }).Load();

        Assert.That(backbone.Description.Layers, Is.EqualTo(2));
        Assert.That(backbone.Description.HiddenSize, Is.EqualTo(24));
        Assert.That(File.ReadAllText(Path.Combine(_folder, "out", "README.md")), Does.Contain("560 molecules in 561 lines"));
    }

    [Test]
    public void Run_OtherOptions_RefusesTheCheckpoint()
    {
        Run(Options(new GraphStage { Steps = 2 }), "out");

        Assert.That(() => Run(Options(new GraphStage { Steps = 3 }), "out"), Throws.TypeOf<InvalidRunException>().With.Message.Contains("another folder"));
    }

    [Test]
    public void Check_NoFile_SaysWhatThereShouldBe()
        => Assert.That(() => new GraphPretraining(new GraphPretrainingOptions { Data = "nowhere.smi" }).Check(), Throws.TypeOf<InvalidRunException>().With.Message.Contains("nowhere.smi"));

    private static GraphStage Contrast(long steps) => new()
    {
        Objective = GraphObjective.Contrastive,
        Steps = steps,
        LearningRate = 3e-3,
        BatchSampler = new BatchSamplerOptions { Candidates = 100, Neighbours = 20, RefreshSteps = 10 },
    };

    private GraphPretrainingOptions Options(params GraphStage[] stages)
        => new() { Data = Data, Stages = stages, Layers = 2, HiddenSize = 24, BatchSize = 24, HeldOut = 48, WarmupSteps = 5, LogSteps = 10, HeldOutSteps = 1000 };

    private GraphState Run(GraphPretrainingOptions options, string name)
    {
        Pretrain(options, name, null, CancellationToken.None);
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_folder, name, "training", "checkpoint.safetensors"));
        return JsonSerializer.Deserialize<GraphState>(file.Metadata["state"], s_json)!;
    }

    private void Pretrain(GraphPretrainingOptions options, string name, IProgress<PretrainingProgress>? progress, CancellationToken cancellationToken)
        => new GraphPretraining(options).Run(new PretrainingJob(Path.Combine(_folder, name), CPU, 1), progress, cancellationToken);

    private double[] Losses(string name) =>
    [
        .. File.ReadAllLines(Path.Combine(_folder, name, "training", "metrics.jsonl")).Select(line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("loss").GetDouble();
        }),
    ];

    private sealed class StopAt(int step, CancellationTokenSource source) : IProgress<PretrainingProgress>
    {
        public void Report(PretrainingProgress value)
        {
            if (value.Step >= step)
            {
                source.Cancel();
            }
        }
    }
}
