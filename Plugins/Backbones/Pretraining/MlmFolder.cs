using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Files;
using DeltaTune.Pretraining;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>The files of a pretraining: the model as Hugging Face has it, and below <c>training/</c> checkpoint, rows and log.</summary>
internal sealed class MlmFolder(PretrainingJob job, MlmOptions options, EncoderConfig config, string corpusKey)
{
    private readonly string _checkpoint = Path.Combine(job.Folder, "training", "checkpoint.safetensors");

    // What a checkpoint must agree in to be gone on from; how often something is written may change.
    private readonly string _key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        options with { Corpus = [.. options.Corpus.Select(file => file with { Path = "" })], Tokenizer = "", LogSteps = 1, HeldOutSteps = 1, CheckpointMinutes = 1 })
        + corpusKey + job.Seed.ToString(CultureInfo.InvariantCulture))));

    /// <summary>Gets the log.</summary>
    public PretrainingLog Log { get; } = new(job.Folder, "tokens");

    /// <summary>Reads the checkpoint into model and optimiser.</summary>
    /// <returns>Where it stood; null where there is none.</returns>
    /// <exception cref="InvalidRunException">It belongs to another run.</exception>
    public MlmState? Resume(nn.Module model, DecoupledAdam optimizer)
    {
        if (!File.Exists(_checkpoint))
        {
            return null;
        }

        using SafetensorsFile file = SafetensorsFile.Open(_checkpoint);
        IReadOnlyDictionary<string, string> notes = file.Metadata;
        if (notes.GetValueOrDefault("run") != _key)
        {
            throw new InvalidRunException(_checkpoint,
                "must belong to a run with the same options, corpus and seed, but was written by another; give another folder, or remove the checkpoint to begin anew");
        }

        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in Tensors(model, optimizer))
        {
            tensor.copy_(file.Read(name));
        }

        return new MlmState
        {
            Step = long.Parse(notes["step"], CultureInfo.InvariantCulture),
            Elapsed = TimeSpan.FromSeconds(Number(notes["elapsed_seconds"])),
            LossSum = Number(notes["loss_sum"]),
            LossSteps = long.Parse(notes["loss_steps"], CultureInfo.InvariantCulture),
            LastLoss = Number(notes["last_loss"]),
            HeldOutLoss = notes.TryGetValue("held_out_loss", out string? held) ? Number(held) : null,
        };
    }

    /// <summary>Writes the configuration, and takes log lines out that come after the step to go on from.</summary>
    public void Begin(long step)
    {
        AtomicFile.WriteAllText(Path.Combine(job.Folder, "config.json"), MlmConfigFile.Write(config));
        Log.CutAfter(step);
    }

    /// <summary>Writes the checkpoint (float32, with the optimiser) and the model as it is now (bfloat16, tied weights once).</summary>
    public void Save(nn.Module model, DecoupledAdam optimizer, MlmState state, TimeSpan elapsed)
    {
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        var notes = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["run"] = _key,
            ["step"] = state.Step.ToString(CultureInfo.InvariantCulture),
            ["elapsed_seconds"] = Text(elapsed.TotalSeconds),
            ["loss_sum"] = Text(state.LossSum),
            ["loss_steps"] = state.LossSteps.ToString(CultureInfo.InvariantCulture),
            ["last_loss"] = Text(state.LastLoss),
        };
        if (state.HeldOutLoss is { } held)
        {
            notes["held_out_loss"] = Text(held);
        }

        SafetensorsFile.Write(_checkpoint, Tensors(model, optimizer), notes);
        SafetensorsFile.Write(
            Path.Combine(job.Folder, "model.safetensors"),
            model.named_parameters().Select(p => (p.name, p.parameter.detach().to(ScalarType.BFloat16))));
    }

    /// <summary>Writes the model card.</summary>
    public void WriteCard(MlmState state, TimeSpan elapsed, long epochRows, int vocabulary, long parameters)
        => AtomicFile.WriteAllText(
            Path.Combine(job.Folder, "README.md"), MlmCard.Write(options, config, job, state, elapsed, epochRows, vocabulary, parameters));

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(nn.Module model, DecoupledAdam optimizer)
        => model.named_parameters().Select(p => ($"model.{p.name}", p.parameter.detach())).Concat(optimizer.State);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
