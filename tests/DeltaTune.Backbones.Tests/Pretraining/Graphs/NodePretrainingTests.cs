using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Backbones.Pretraining.Graphs;
using DeltaTune.Files;
using DeltaTune.Pretraining;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Pretraining.Graphs;

/// <summary>Pretraining on the nodes of one graph: four groups of nodes, linked and worded alike within each.</summary>
[TestFixture]
public sealed class NodePretrainingTests
{
    private const int Nodes = 120, Groups = 4, Words = 6;
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private string _folder = "";

    [SetUp]
    public void MakeGraph()
    {
        _folder = Directory.CreateTempSubdirectory("node-pretraining-").FullName;
        var random = new SplitMix64(5);
        Directory.CreateDirectory(Data);
        File.WriteAllLines(Path.Combine(Data, "nodes.tsv"), Enumerable.Range(0, Nodes).Select(node => string.Create(CultureInfo.InvariantCulture,
            $"{node}\t{node % Groups}\t{(node < 20 ? "train" : "")}\t{(node % Groups * Words) + random.Next(Words)} {(Groups * Words) + random.Next(Words)}")));
        File.WriteAllLines(Path.Combine(Data, "edges.tsv"), Enumerable.Range(0, 4 * Nodes).Select(_ => (First: random.Next(Nodes), Step: Groups * (1 + random.Next(5))))
            .Select(edge => (edge.First, Second: (edge.First + edge.Step) % Nodes)).Where(edge => edge.First < edge.Second).Distinct().Select(edge => $"{edge.First}\t{edge.Second}"));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string Data => Path.Combine(_folder, "graph");

    [Test]
    public void Run_OneObjective_LearnsItWithEveryNetwork(
        [Values] GraphNetworkKind network, [Values(GraphObjective.EdgePrediction, GraphObjective.EdgeSimilarity, GraphObjective.Contrastive)] GraphObjective objective)
    {
        GraphStageResult result = Run(Options(network, new GraphStage { Objective = objective, Steps = 150, LearningRate = 1e-2, Temperature = 0.3 }), "out");

        Assert.That(result.HeldOutScore, Is.GreaterThan(result.Chance + (0.1 * (1 - result.Chance))), result.ToString()); // a tenth of the way from chance to all right
    }

    [Test]
    public void Run_Finished_WritesWhatTheBackboneReads([Values] GraphNetworkKind network, [Values] bool norms)
    {
        Run(Options(network, new GraphStage { Objective = GraphObjective.EdgePrediction, Steps = 2 }) with { Norms = norms }, "out");
        string path = Path.Combine(_folder, "out");

        using Backbone backbone = network switch
        {
            GraphNetworkKind.Gcn => new GcnLoader(new GcnOptions { Path = path, Scheme = GraphScheme.Features }).Load(),
            GraphNetworkKind.GraphSage => new GraphSageLoader(new GraphSageOptions { Path = path, Scheme = GraphScheme.Features }).Load(),
            GraphNetworkKind.Gat => new GatLoader(new GatOptions { Path = path, Scheme = GraphScheme.Features }).Load(),
            _ => new GinLoader(new GinOptions { Path = path, Scheme = GraphScheme.Features }).Load(),
        };

        Assert.That((backbone.Description.Layers, backbone.Description.HiddenSize), Is.EqualTo((2, 16)));
        Assert.That(backbone.Sites.Any(site => site.Path == "layers.0.norm"), Is.EqualTo(norms));
        Assert.That(File.ReadAllText(Path.Combine(path, "README.md")), Does.Contain("120 nodes with 30 features").And.Contain("12 nodes held out"));
    }

    [Test]
    public void Run_OtherClasses_GivesTheSameNetwork()
    {
        GraphPretrainingOptions options = Options(GraphNetworkKind.Gcn, new GraphStage { Objective = GraphObjective.EdgePrediction, Steps = 5 }, new GraphStage { Objective = GraphObjective.Contrastive, Steps = 5 });
        Run(options, "first");
        string nodes = Path.Combine(Data, "nodes.tsv");
        File.WriteAllLines(nodes, File.ReadAllLines(nodes).Select(line => line.Split('\t')).Select(cells => $"{cells[0]}\t-1\t\t{cells[3]}"));

        Run(options, "second");

        Assert.That(Model("second"), Is.EqualTo(Model("first")));
    }

    [Test]
    public void Run_Stopped_GoesOnAsIfItHadNot()
    {
        GraphPretrainingOptions options = Options(
            GraphNetworkKind.GraphSage,
            new GraphStage { Objective = GraphObjective.EdgeSimilarity, Steps = 6, Negatives = 3 },
            new GraphStage { Objective = GraphObjective.Contrastive, Steps = 6, BatchSampler = new BatchSamplerOptions { Candidates = 30, Neighbours = 5, RefreshSteps = 4 } })
            with { LogSteps = 1, Dropout = 0.2, InputDropout = 0.2, FanOuts = [4, 4] };
        Run(options, "whole");

        foreach (int stop in (int[])[4, 9])
        {
            using var source = new CancellationTokenSource();
            Assert.That(() => Pretrain(options, "parts", new StopAt(stop, source), source.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        Run(options, "parts");

        Assert.That(Model("parts"), Is.EqualTo(Model("whole")));
    }

    [Test]
    public void Check_ObjectiveOfMolecules_SaysWhichWouldDo([Values(GraphObjective.AttributeMasking, GraphObjective.Properties, GraphObjective.ContextPrediction)] GraphObjective objective)
        => Assert.That(
            () => new GraphPretraining(Options(GraphNetworkKind.Gcn, new GraphStage { Objective = objective })).Check(),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo("stages[0].objective must be 'edge-prediction', 'edge-similarity' or 'contrastive' for the nodes of one graph: the others are about molecules"));

    [TestCase("0\t0\t\t1 x\n", "0\t0\n", "nodes.tsv, node 0 must have features as 'number' or 'number:value', but has 'x'")]
    [TestCase("1\t0\t\t1\n", "0\t0\n", "nodes.tsv must have node 0, its class, its split and its features between tabs, but has 4 cells and begins with '1'")]
    [TestCase("0\t0\t\t1\n", "0\t1\n", "edges.tsv must have two nodes from 0 to 0 a line with a tab between them, but has '0\t1'")]
    public void Run_WrongTables_SaysWhere(string nodes, string edges, string message)
    {
        File.WriteAllText(Path.Combine(Data, "nodes.tsv"), nodes);
        File.WriteAllText(Path.Combine(Data, "edges.tsv"), edges);

        Assert.That(() => Run(Options(GraphNetworkKind.Gcn, new GraphStage { Objective = GraphObjective.Contrastive }), "out"), Throws.TypeOf<InvalidRunException>().With.Message.EndsWith(message));
    }

    [Test]
    public void Parts_SmallGraph_AreTheNearestNodesWithAllEdgesBetween()
    {
        File.WriteAllText(Path.Combine(Data, "nodes.tsv"), string.Concat(Enumerable.Range(0, 6).Select(n => $"{n}\t0\t\t{n}\n")));
        File.WriteAllText(Path.Combine(Data, "edges.tsv"), "0\t1\n0\t2\n1\t2\n2\t3\n3\t4\n4\t5\n");
        GraphPretrainingOptions options = Options(GraphNetworkKind.Gcn, new GraphStage());

        Batches.Graph part = NodeSet.Read(options).Graphs[0], smaller = NodeSet.Read(options with { PartNodes = 3 }).Graphs[2];

        Assert.That(Words0(part), Is.EqualTo(new[] { 0, 1, 2, 3 })); // two edges away at most
        Assert.That(part.Sources.Zip(part.Targets), Is.EqualTo(new[] { (0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1), (2, 3), (3, 2) }));
        Assert.That(Words0(smaller), Is.EqualTo(new[] { 2, 0, 1 }));
        Assert.That(smaller.Sources, Has.Length.EqualTo(6)); // the triangle, each edge there and back

        static int[] Words0(Batches.Graph graph) => [.. Enumerable.Range(0, graph.NodeCount).Select(n => Array.IndexOf(graph.Nodes.Values!, 1f, n * graph.Nodes.Width) - (n * graph.Nodes.Width))];
    }

    private GraphPretrainingOptions Options(GraphNetworkKind network, params GraphStage[] stages) => new()
    {
        Data = Data, Network = network, Stages = stages, Layers = 2, HiddenSize = 16, BatchSize = 12, HeldOut = 12, WarmupSteps = 5, LogSteps = 10, HeldOutSteps = 1000, PartNodes = 8,
    };

    private byte[] Model(string name) => File.ReadAllBytes(Path.Combine(_folder, name, "model.safetensors"));

    private GraphStageResult Run(GraphPretrainingOptions options, string name)
    {
        Pretrain(options, name, null, CancellationToken.None);
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_folder, name, "training", "checkpoint.safetensors"));
        return JsonSerializer.Deserialize<GraphState>(file.Metadata["state"], s_json)!.Results[^1];
    }

    private void Pretrain(GraphPretrainingOptions options, string name, IProgress<PretrainingProgress>? progress, CancellationToken cancellationToken)
        => new GraphPretraining(options).Run(new PretrainingJob(Path.Combine(_folder, name), CPU, 1), progress, cancellationToken);

    private sealed class StopAt(int step, CancellationTokenSource source) : IProgress<PretrainingProgress>
    {
        public void Report(PretrainingProgress value)
        {
            if (value.Step >= step) { source.Cancel(); }
        }
    }
}
