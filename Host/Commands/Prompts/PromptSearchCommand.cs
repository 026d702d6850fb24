using System.CommandLine;
using System.Globalization;
using DeltaTune.Backbones;
using DeltaTune.Files;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Runs.Prompts;
using DeltaTune.Prompts.Search;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands.Prompts;

/// <summary>Searches for a run's template and label words, on its training and validation examples.</summary>
internal sealed class PromptSearchCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var file = new RunFileChoice();
        var find = new Option<string>("--find") { Description = "templates, label-words or both; then templates first.", HelpName = "WHAT", DefaultValueFactory = _ => "both" };
        var tries = new Option<int>("--try") { Description = "How many of what is found are trained as the run file says, and scored on the validation split.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var generator = new Option<string?>("--generator") { Description = "A run file whose backbone writes the templates, such as one of T5; the default is the run's own, whose masks are filled where it is a masked one.", HelpName = "RUN.json" };
        var pattern = new Option<string[]>("--pattern") { Description = "A template with {\"mask\"} at open places and {\"meta\": \"labelword\"} where the mask will be. May be given several times; the default is that of Gao et al. 2021.", HelpName = "TEXT", DefaultValueFactory = _ => [] };
        var beams = new Option<int>("--beams") { Description = "Beginnings of templates that go on side by side; Gao et al. take 100.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var length = new Option<int>("--max-tokens") { Description = "The most tokens at an open place.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var candidates = new Option<int>("--candidates") { Description = "How many words of each class are combined.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var method = new Option<string>("--method") { Description = "The way to search, where plugins provide others.", HelpName = "NAME", DefaultValueFactory = _ => "lm-bff" };
        var output = new Option<string?>("--out") { Description = "The folder to write found.json and search.json to; the default is runs/NAME-search.", HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = "Replace the search that is in the folder." };
        var json = new Option<bool>("--json") { Description = "Write what was tried as JSON." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples(
            "search", "Search for a run's template and label words: found with the training examples, chosen on the validation split. The test split is not read.",
            "prompt search samples/sst2-lora.json --try 5", "prompt search run.json --find templates --generator t5.json --beams 100")
        {
            file.File, find, tries, generator, pattern, beams, length, candidates, method, file.Set, output, force, device.Device, device.Threads, json,
        };
        command.SetAction(result =>
        {
            RunSpec spec = file.Load(context, result, RunPurpose.Training);
            string folder = result.GetValue(output) ?? Path.Combine("runs", $"{spec.Name}-search");
            if (!result.GetValue(force) && File.Exists(Path.Combine(folder, "found.json")))
            {
                throw new InvalidRunException(folder, "holds a search already; choose another folder with --out, or replace it with --force");
            }

            var settings = new PromptSearchSettings
            {
                Templates = What(result.GetValue(find)!) is "templates" or "both" ? Named(context.Plugins.Services.GetServices<ITemplateSearch>(), s => s.Name, result.GetValue(method)!) : null,
                LabelWords = What(result.GetValue(find)!) is "label-words" or "both" ? Named(context.Plugins.Services.GetServices<ILabelWordSearch>(), s => s.Name, result.GetValue(method)!) : null,
                Generator = result.GetValue(generator) is { } other ? Generator(context, other) : null,
                Patterns = result.GetValue(pattern) ?? [],
                Tries = Positive("--try", result.GetValue(tries)),
                Beams = Positive("--beams", result.GetValue(beams)),
                MaxTokens = Positive("--max-tokens", result.GetValue(length)),
                Candidates = Positive("--candidates", result.GetValue(candidates)),
            };
            Device chosen = device.Of(result);
            var search = new PromptSearch(context.Composer(), root => context.ReadRun(root, spec.File, [], RunPurpose.Training), settings, context.Error.WriteLine);
            PromptSearchResult found = search.Run(spec, chosen, context.Cancellation);
            Write(folder, found);
            if (result.GetValue(json))
            {
                context.WriteJson(ToJson(found));
            }
            else
            {
                Show(context.Output, found);
                context.Output.WriteLine($"The best is in {Path.Combine(folder, "found.json")}; train it, and score its test split, with: deltatune run {Path.Combine(folder, "found.json")}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string What(string find) => find is "templates" or "label-words" or "both" ? find : throw new InvalidRunException("--find", $"must be templates, label-words or both, but is '{find}'");

    private static int Positive(string option, int value) => value >= 1 ? value : throw new InvalidRunException(option, $"must be 1 or more, but is {value}");

    private static T Named<T>(IEnumerable<T> all, Func<T, string> name, string wanted)
        where T : class
        => all.FirstOrDefault(s => name(s) == wanted) ?? throw new InvalidRunException("--method", $"'{wanted}' is not a way to search; {NearestNames.Hint(wanted, all.Select(name))}");

    private static Func<Backbone> Generator(CommandContext context, string file)
    {
        ComponentSpec spec = context.LoadRun(file, [], RunPurpose.Inspection).Backbone ?? throw new InvalidRunException("--generator", $"must be a run file with a backbone, but '{file}' has none");
        return () => context.LoadBackbone(spec);
    }

    private static void Write(string folder, PromptSearchResult found)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteAllText(Path.Combine(folder, "search.json"), ToJson(found).ToString(Formatting.Indented) + "\n");
            AtomicFile.WriteAllText(Path.Combine(folder, "found.json"), found.Best.Resolved.ToString(Formatting.Indented) + "\n");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRunException(folder, $"must be a folder that can be written, but {cause.Message}", cause);
        }
    }

    private static JObject ToJson(PromptSearchResult found) => new()
    {
        ["metric"] = found.Metric,
        ["found_with"] = new JObject { ["train"] = found.TrainExamples, ["dev"] = found.DevExamples },
        ["tried"] = new JArray(found.Tried.Select(t => new JObject
        {
            ["kind"] = t.Kind,
            ["prompt"] = t.Prompt,
            ["search_score"] = t.SearchScore is double score ? Math.Round(score, 6) : null,
            ["dev_score"] = t.DevScore is double dev ? Math.Round(dev, 6) : null,
            ["failed"] = t.Failed,
            ["chosen"] = t == found.Chosen,
        })),
    };

    private static void Show(TextWriter output, PromptSearchResult found)
    {
        List<string[]> rows = [["", "kind", $"{found.Metric} (dev)", "search score", "prompt"]];
        rows.AddRange(found.Tried.OrderByDescending(t => t == found.Chosen).Select(t => new[]
        {
            t == found.Chosen ? "*" : "", t.Kind, t.DevScore is double dev ? Number(dev) : "-", t.SearchScore is double score ? Number(score) : "", t.Failed is null ? t.Prompt : $"{t.Prompt}: {t.Failed}",
        }));
        TextTable.Write(output, rows);
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
