using System.IO.Compression;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Files;
using DeltaTune.Prompts;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Benchmarks.Gin;

/// <summary>What both sides read: batches of molecules, and the weights that training starts from.</summary>
internal static class Work
{
    private const string Batches = "batches.json", Weights = "start.safetensors";

    /// <summary>Reads molecules, and writes batches of them with the network's weights.</summary>
    /// <param name="backbone">Untrained.</param>
    /// <param name="head">Untrained.</param>
    /// <param name="molecules">A file with a SMILES at the start of each line, gzip'd or not.</param>
    /// <param name="rows">Molecules in a batch.</param>
    /// <param name="count">How many batches; a file with fewer molecules is begun again.</param>
    /// <param name="folder">There already.</param>
    public static void Write(Backbone backbone, Head head, string molecules, int rows, int count, string folder)
    {
        var reader = (IGraphReader)backbone.InputEncoder;
        Graph[] graphs = [.. Lines(molecules).Select(line => line.Split([' ', '\t', ','], 2)[0]).Where(smiles => smiles.Length > 0).Take(rows * count).Select(reader.ReadGraph)];
        var all = new JArray(Enumerable.Range(0, count).Select(b => new JArray(Enumerable.Range(b * rows, rows).Select(i => Json(graphs[i % graphs.Length])))));
        AtomicFile.WriteAllText(Path.Combine(folder, Batches), all.ToString(Newtonsoft.Json.Formatting.None));
        SafetensorsFile.Write(Path.Combine(folder, Weights),
        [
            .. backbone.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), .. head.named_parameters().Select(p => ("head." + p.name, (Tensor)p.parameter)),
        ]);
    }

    /// <summary>Reads the batches back.</summary>
    public static ModelBatch[] Read(string folder, InputEncoder encoder)
        => [.. JArray.Parse(File.ReadAllText(Path.Combine(folder, Batches))).Select(batch =>
            encoder.Collate([.. batch.Select(molecule => encoder.Encode([new GraphPiece(Graph((JObject)molecule))], new EncodingOptions()))], CPU))];

    /// <summary>Gives the head the weights that the peer's has.</summary>
    public static void ReadHead(string folder, Head head)
    {
        using IDisposable off = no_grad();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, Weights));
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in head.named_parameters())
        {
            using Tensor value = file.Read("head." + name);
            parameter.copy_(value);
        }
    }

    private static IEnumerable<string> Lines(string file)
    {
        using Stream stored = File.OpenRead(file);
        using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static JObject Json(Graph graph) => new()
    {
        ["atoms"] = new JArray(graph.Nodes.Categories!),
        ["sources"] = new JArray(graph.Sources),
        ["targets"] = new JArray(graph.Targets),
        ["bonds"] = new JArray(graph.Edges!.Categories!),
    };

    private static Graph Graph(JObject molecule)
    {
        long[] atoms = molecule["atoms"]!.ToObject<long[]>()!, bonds = molecule["bonds"]!.ToObject<long[]>()!;
        return new Graph(atoms.Length / 2, new FeatureTable(2, atoms), molecule["sources"]!.ToObject<int[]>()!, molecule["targets"]!.ToObject<int[]>()!, new FeatureTable(2, bonds));
    }
}
