using System.Text.Json;
using DeltaTune.Files;
using DeltaTune.Pretraining;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>The log of a pretraining: a JSON object a line in <c>training/metrics.jsonl</c>.</summary>
/// <param name="folder">The pretraining's folder.</param>
/// <param name="items">What the speed counts, such as <c>tokens</c>.</param>
internal sealed class PretrainingLog(string folder, string items)
{
    private readonly string _path = Path.Combine(folder, "training", "metrics.jsonl");

    /// <summary>Takes lines out that come after the step to go on from.</summary>
    public void CutAfter(long step)
    {
        if (File.Exists(_path))
        {
            IEnumerable<string> kept = File.ReadAllLines(_path).Where(line => StepOf(line) <= step);
            AtomicFile.WriteAllText(_path, string.Concat(kept.Select(line => line + "\n")));
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(PretrainingProgress reached, double learningRate)
    {
        var line = new Dictionary<string, object>
        {
            ["step"] = reached.Step,
            ["loss"] = Math.Round(reached.Loss, 5),
            ["learning_rate"] = learningRate,
            [$"{items}_per_second"] = Math.Round(reached.ItemsPerSecond),
            ["elapsed_seconds"] = Math.Round(reached.Elapsed.TotalSeconds, 1),
        };
        if (reached.HeldOutLoss is { } held)
        {
            line["held_out_loss"] = Math.Round(held, 5);
        }

        File.AppendAllText(_path, JsonSerializer.Serialize(line) + "\n");
    }

    private static long StepOf(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("step").GetInt64();
    }
}
