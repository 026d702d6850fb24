using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Files;
using DeltaTune.Pretraining;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>The files of a graph network's pretraining: the network as the loader reads it, and below <c>training/</c> checkpoint and log.</summary>
internal sealed class GraphPretrainingFolder(PretrainingJob job, GraphPretrainingOptions options, GraphSet set)
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly string _checkpoint = Path.Combine(job.Folder, "training", "checkpoint.safetensors");

    // What a checkpoint must agree in to be gone on from; how often something is written may change.
    private readonly string _key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        options with { Data = "", LogSteps = 1, HeldOutSteps = 1, CheckpointMinutes = 1 }, Json) + set.Key + job.Seed.ToString(CultureInfo.InvariantCulture))));

    /// <summary>Gets the log.</summary>
    public PretrainingLog Log { get; } = new(job.Folder, "graphs");

    /// <summary>Reads where the checkpoint stood; null where there is none.</summary>
    /// <exception cref="InvalidRunException">It belongs to another run.</exception>
    public GraphState? ReadState()
    {
        if (!File.Exists(_checkpoint))
        {
            return null;
        }

        using SafetensorsFile file = SafetensorsFile.Open(_checkpoint);
        return file.Metadata.GetValueOrDefault("run") == _key
            ? JsonSerializer.Deserialize<GraphState>(file.Metadata["state"], Json)
            : throw new InvalidRunException(_checkpoint,
                "must belong to a run with the same options, molecules and seed, but was written by another; give another folder, or remove the checkpoint to begin anew");
    }

    /// <summary>Reads the checkpoint's tensors into the network and the stage under way.</summary>
    public void ReadTensors(GraphNetwork network, IEnumerable<(string Name, Tensor Tensor)> stage)
    {
        using SafetensorsFile file = SafetensorsFile.Open(_checkpoint);
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in Tensors(network).Concat(stage))
        {
            tensor.copy_(file.Read(name));
        }
    }

    /// <summary>Writes the checkpoint (float32, with the stage under way) and the network as it is now: matrices in float16, vectors in float32.</summary>
    public void Save(GraphNetwork network, IEnumerable<(string Name, Tensor Tensor)> stage, GraphState state)
    {
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        SafetensorsFile.Write(_checkpoint, Tensors(network).Concat(stage), new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["run"] = _key,
            ["state"] = JsonSerializer.Serialize(state, Json),
        });
        SafetensorsFile.Write(
            Path.Combine(job.Folder, "model.safetensors"),
            Tensors(network).Select(t => (t.Name["model.".Length..], t.Tensor.dim() > 1 ? t.Tensor.to(ScalarType.Float16) : t.Tensor)));
    }

    /// <summary>Writes the model card.</summary>
    public void WriteCard(GraphState state, long parameters, RowOrder order)
        => AtomicFile.WriteAllText(Path.Combine(job.Folder, "README.md"), GraphCard.Write(options, job, set, state, parameters, order));

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(GraphNetwork network)
        => network.named_parameters().Select(p => ($"model.{p.name}", p.parameter.detach())).Concat(network.named_buffers().Select(b => ($"model.{b.name}", b.buffer)));
}
