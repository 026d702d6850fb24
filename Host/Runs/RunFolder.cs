using System.Globalization;
using DeltaTune.Files;
using DeltaTune.Host.Training;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Runs;

/// <summary>The folder of a run: complete, resumable, or not begun. Every file in it is whole.</summary>
internal sealed class RunFolder
{
    private string? _run;   // what run.json will hold; null once it is written
    private bool _replaces; // whether an earlier run's files go before that

    private RunFolder(string path) => Path = path;

    /// <summary>Gets the folder's absolute path.</summary>
    public string Path { get; }

    /// <summary>Gets the resolved run file.</summary>
    public string RunFile => File("run.json");

    /// <summary>Gets the file that trained state is resumed from.</summary>
    public string Checkpoint => System.IO.Path.Combine(Path, "checkpoint", "state.safetensors");

    /// <summary>Gets whether the run came to its end.</summary>
    public bool IsComplete => !_replaces && System.IO.File.Exists(File("metrics.json"));

    /// <summary>Gives the default folder: <c>runs/NAME-yyyyMMdd-HHmmss</c> below the current one.</summary>
    /// <param name="name">The run's name; what no folder can be named with becomes a hyphen.</param>
    /// <param name="time">Gives the time.</param>
    /// <returns>A relative path.</returns>
    public static string DefaultPath(string name, TimeProvider time)
    {
        string safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return System.IO.Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"{safe}-{time.GetLocalNow():yyyyMMdd-HHmmss}"));
    }

    /// <summary>Opens the folder of a finished run.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="InvalidRunException">There is no finished run.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        if (!System.IO.File.Exists(folder.RunFile))
        {
            throw new InvalidRunException(path, !Directory.Exists(path) ? "must be a run's folder, but there is none of that name"
                : FirstIn(path) is { } inside ? $"is no run's folder, but one of runs' folders; name one, such as '{inside}'" : "is no run's folder: it has no run.json");
        }

        if (folder.IsComplete && Directory.Exists(folder.File(Ensemble.MembersFolder)) && !System.IO.File.Exists(folder.File("prompt.json")))
        {
            string student = System.IO.Path.Combine(path, Distillation.StudentFolder);
            throw new InvalidRunException(path, $"is an ensemble's folder, whose runs are in folders of it; name one, such as '{(Directory.Exists(student) ? student : FirstIn(System.IO.Path.Combine(path, Ensemble.MembersFolder)))}'");
        }

        return folder.IsComplete ? folder : throw new InvalidRunException(path, $"is a run that did not come to its end; finish it with: deltatune run {folder.RunFile} --out {path} --resume");
    }

    // The first finished run among the folders of a folder, as a comparison has them; null where there is none.
    private static string? FirstIn(string path)
        => Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).FirstOrDefault(f => new RunFolder(f) is { IsComplete: true } run && System.IO.File.Exists(run.RunFile));

    /// <summary>Chooses a folder: a new one, or an existing one. Nothing is written or removed before <see cref="Begin"/>.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="run">The resolved run.</param>
    /// <param name="resume">Whether an interrupted run of the same file may be gone on with.</param>
    /// <param name="force">Whether an existing run's files may be replaced.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="InvalidRunException">There is a run in it already, or another file's.</exception>
    public static RunFolder Create(string path, JObject run, bool resume, bool force)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        if (System.IO.File.Exists(folder.RunFile))
        {
            if (force)
            {
                folder._replaces = true;
            }
            else if (!resume)
            {
                throw new InvalidRunException(path, folder.IsComplete
                    ? "holds a finished run; choose another folder with --out, or replace it with --force"
                    : "holds a run that did not come to its end; go on with it with --resume, or replace it with --force");
            }
            else
            {
                folder.RequireSame(run, path);
                return folder;
            }
        }

        folder._run = run.ToString(Formatting.Indented) + "\n";
        return folder;
    }

    /// <summary>Makes the folder and writes run.json, once the run is known to fit: a run with mistakes leaves nothing behind and takes nothing away.</summary>
    /// <exception cref="InvalidRunException">The folder cannot be written.</exception>
    public void Begin()
    {
        try
        {
            if (_run is null)
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Checkpoint)!); // resumed
                return;
            }

            if (_replaces)
            {
                Clear();
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Checkpoint)!);
            Write("run.json", _run);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRunException(Path, $"must be a folder that can be written, but {cause.Message}", cause);
        }

        (_run, _replaces) = (null, false);
    }

    /// <summary>Gives the path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file, atomically.</summary>
    public void Write(string name, string text) => AtomicFile.WriteAllText(File(name), text);

    /// <summary>Adds a line to metrics.jsonl.</summary>
    /// <param name="reached">What was reached.</param>
    public void Log(TrainingEvent reached)
    {
        var line = new JObject { ["step"] = reached.Step, ["epoch"] = reached.Epoch };
        if (reached.Dev is { } dev)
        {
            line["dev_score"] = dev.Score;
            line["dev_loss"] = dev.Loss;
            line["best"] = reached.IsBest;
        }
        else
        {
            line["loss"] = reached.Loss;
            line["learning_rate"] = reached.LearningRate;
            line["gradient_norm"] = reached.GradientNorm;
            line["examples_per_second"] = Math.Round(reached.ExamplesPerSecond, 2);
        }

        System.IO.File.AppendAllText(File("metrics.jsonl"), line.ToString(Formatting.None) + "\n");
    }

    /// <summary>Takes lines out of metrics.jsonl that come after a step: the run goes on from there.</summary>
    /// <param name="step">The last step that stays.</param>
    public void TruncateLog(long step)
    {
        string log = File("metrics.jsonl");
        if (System.IO.File.Exists(log))
        {
            Write("metrics.jsonl", string.Concat(System.IO.File.ReadLines(log).Where(l => StepOf(l) <= step).Select(l => l + "\n")));
        }
    }

    /// <summary>Writes metrics.json, which makes the run complete, and removes the checkpoint, which nothing needs then.</summary>
    /// <param name="metrics">The run's.</param>
    public void Complete<T>(T metrics)
        where T : class
    {
        Write("metrics.json", JsonConvert.SerializeObject(metrics, Formatting.Indented) + "\n");
        string checkpoint = System.IO.Path.GetDirectoryName(Checkpoint)!;
        if (Directory.Exists(checkpoint))
        {
            Directory.Delete(checkpoint, recursive: true);
        }
    }

    /// <summary>Reads metrics.json of a finished run.</summary>
    public RunMetrics ReadMetrics() => ReadMetrics<RunMetrics>();

    /// <summary>Reads metrics.json of what came to its end.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    public T ReadMetrics<T>()
        where T : class
        => JsonConvert.DeserializeObject<T>(System.IO.File.ReadAllText(File("metrics.json")))
        ?? throw new InvalidRunException(File("metrics.json"), "is empty");

    // A line cut short by a kill counts as after every step.
    private static long StepOf(string line)
    {
        try
        {
            return (long?)JObject.Parse(line)["step"] ?? long.MaxValue;
        }
        catch (JsonException)
        {
            return long.MaxValue;
        }
    }

    private void RequireSame(JObject run, string path)
    {
        JObject old;
        try
        {
            old = JObject.Parse(System.IO.File.ReadAllText(RunFile));
        }
        catch (JsonException cause)
        {
            throw new InvalidRunException(RunFile, $"is not JSON ({cause.Message}); replace the run with --force", cause);
        }

        // Through text, so that 1 and 1.0 or an enumeration and its name do not differ by how they were made.
        JObject now = JObject.Parse(run.ToString(Formatting.None));
        if (!JToken.DeepEquals(old, now))
        {
            string place = FirstDifference(old, now);
            throw new InvalidRunException(path, $"cannot be resumed with another run file: {place} is {old.SelectToken(place)?.ToString(Formatting.None) ?? "missing"} in its run.json, but now {now.SelectToken(place)?.ToString(Formatting.None) ?? "missing"}");
        }
    }

    private static string FirstDifference(JToken old, JToken now)
    {
        if (old is JObject a && now is JObject b)
        {
            string key = a.Properties().Concat(b.Properties()).Select(p => p.Name).First(k => !JToken.DeepEquals(a[k], b[k]));
            return a[key] is { } x && b[key] is { } y ? FirstDifference(x, y) : (a[key] ?? b[key])!.Path;
        }

        if (old is JArray c && now is JArray d && c.Count == d.Count)
        {
            int i = Enumerable.Range(0, c.Count).First(n => !JToken.DeepEquals(c[n], d[n]));
            return FirstDifference(c[i], d[i]);
        }

        return old.Path;
    }

    // Only what runs write; whatever else lies in the folder is the user's.
    private void Clear()
    {
        foreach (string adapter in Directory.EnumerateDirectories(Path).Where(d => System.IO.File.Exists(System.IO.Path.Combine(d, "adapter_config.json"))).ToArray())
        {
            Delete(adapter, "adapter_config.json", "adapter_model.safetensors");
        }

        Delete(System.IO.Path.GetDirectoryName(Checkpoint)!, "state.safetensors");
        Delete(Path, "metrics.json", "metrics.jsonl", "predictions.jsonl", "adapter_config.json", "adapter_model.safetensors", "prompt.json", "prompt.safetensors", "composition.json", "composition.safetensors", "run.json");
    }

    private static void Delete(string folder, params string[] names)
    {
        foreach (string name in names)
        {
            string file = System.IO.Path.Combine(folder, name);
            if (System.IO.File.Exists(file))
            {
                System.IO.File.Delete(file);
            }
        }
    }
}
