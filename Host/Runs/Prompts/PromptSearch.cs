using System.Globalization;
using DeltaTune.Backbones;
using DeltaTune.Host.Options;
using DeltaTune.Host.Training;
using DeltaTune.Prompts.Search;
using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Runs.Prompts;

/// <summary>Finds a better template and better label words for a run: proposed from its training examples, each trained on them, and chosen on the validation split.</summary>
/// <remarks>
/// Source: Gao et al. 2021, "Making Pre-trained Language Models Better Few-shot Learners", §5, https://arxiv.org/abs/2012.15723, in the order of OpenPrompt's
/// LMBFFClassificationRunner: templates first, then label words for the best one. The test split is not read: nothing here asks for it.
/// </remarks>
/// <param name="composer">Makes the parts.</param>
/// <param name="read">Checks a run that is at hand as JSON.</param>
/// <param name="settings">What is searched for.</param>
/// <param name="say">Told how it goes, in lines.</param>
internal sealed class PromptSearch(RunComposer composer, Func<JObject, RunSpec> read, PromptSearchSettings settings, Action<string> say)
{
    private readonly List<(PromptCandidate Candidate, RunSpec Spec)> _tried = [];

    /// <summary>Searches.</summary>
    /// <param name="spec">The run to begin with.</param>
    /// <param name="device">What to compute on.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="InvalidRunException">The run is wrong, has nothing to choose on, or nothing that was found can be tried.</exception>
    public PromptSearchResult Run(RunSpec spec, Device device, CancellationToken cancellationToken)
    {
        using PreparedRun prepared = composer.Prepare(spec);
        Check(prepared);
        using Backbone backbone = RunComposer.Load(prepared, device);
        Try(prepared, backbone, device, spec, new PromptCandidate("as it is", (string?)spec.Template!.Source["text"] ?? spec.Template.Type, null, null, null), cancellationToken);
        if (settings.Templates is { } templates)
        {
            foreach (FoundTemplate found in Find(templates, prepared, backbone, device, cancellationToken))
            {
                Try(prepared, backbone, device, With(spec, found), new PromptCandidate("template", found.Text, found.Score, null, null), cancellationToken);
            }
        }

        RunSpec best = Best(prepared.Task.Metric).Spec;
        if (settings.LabelWords is { } labelWords)
        {
            foreach (FoundLabelWords found in Find(labelWords, prepared, backbone, device, best, cancellationToken))
            {
                Try(prepared, backbone, device, With(best, prepared.Task, found), new PromptCandidate("label words", string.Join(", ", found.Words), found.Accuracy, null, null), cancellationToken);
            }
        }

        (PromptCandidate chosen, RunSpec run) = Best(prepared.Task.Metric);
        return new PromptSearchResult(prepared.Task.Metric, [.. _tried.Select(t => t.Candidate)], chosen, run, prepared.Train.Count, prepared.Dev.Count);
    }

    private void Check(PreparedRun run)
    {
        PromptRun.RequireText(run);
        if (run.Task.Classes.Count == 0)
        {
            throw new InvalidRunException("task", $"must have classes, which prompts are searched for, but '{run.Task.Name}' has none");
        }

        if (run.Train.Count == 0 || run.Dev.Count == 0)
        {
            throw new InvalidRunException("task", $"must have training examples to search with and a validation split to choose on, but has {run.Train.Count} and {run.Dev.Count}; a task's sampling.dev_shots draws the second from the first");
        }

        Require(run.Spec.Template!, "text", settings.Templates is not null);
        Require(run.Spec.Verbalizer!, "label_words", settings.LabelWords is not null);
    }

    private static void Require(ComponentSpec component, string key, bool searched)
    {
        if (searched && !component.Component.OptionsType.GetProperties().Any(p => OptionNames.Of(p) == key))
        {
            throw new InvalidRunException($"{component.Path}.type", $"must be one with \"{key}\", which is searched for, such as 'manual', but is '{component.Type}'");
        }
    }

    private IReadOnlyList<FoundTemplate> Find(ITemplateSearch search, PreparedRun run, Backbone backbone, Device device, CancellationToken cancellationToken)
    {
        Backbone? other = settings.Generator?.Invoke();
        try
        {
            Backbone writer = other?.to(device) ?? backbone;
            writer.eval();
            say($"'{search.Name}' writes templates with '{writer.Description.Family}' from {run.Train.Count} training examples");
            IReadOnlyList<FoundTemplate> found = search.Find(
                new TemplateSearchJob
                {
                    Backbone = writer,
                    Train = run.Train,
                    Fields = run.Task.FieldNames,
                    LabelWords = [.. run.Task.Classes.Select(c => FirstWord(run.Spec, c))],
                    Input = run.Spec.Input,
                    Patterns = settings.Patterns,
                    Beams = settings.Beams,
                    MaxTokens = settings.MaxTokens,
                    Returned = settings.Tries,
                    BatchSize = run.Spec.Training.EvalBatchSize,
                },
                cancellationToken);
            say($"{found.Count} templates were found");
            return found;
        }
        finally
        {
            other?.Dispose();
        }
    }

    private IReadOnlyList<FoundLabelWords> Find(ILabelWordSearch search, PreparedRun prepared, Backbone backbone, Device device, RunSpec spec, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        using PreparedRun run = composer.Prepare(spec, readExamples: false);
        TuningModel model = RunComposer.Bind(run, backbone, device);
        model.Train(training: false, backboneDropout: false);
        say($"'{search.Name}' looks for label words in {prepared.Train.Count} training examples");
        IReadOnlyList<FoundLabelWords> found = search.Find(
            new LabelWordSearchJob
            {
                Backbone = backbone,
                Template = model.Template,
                Classes = model.Task.Classes,
                Train = prepared.Train,
                Input = spec.Input,
                Candidates = settings.Candidates,
                Returned = settings.Tries,
                BatchSize = spec.Training.EvalBatchSize,
            },
            cancellationToken);
        say($"{found.Count} choices of label words were found");
        return found;
    }

    private void Try(PreparedRun prepared, Backbone backbone, Device device, RunSpec spec, PromptCandidate candidate, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            double score = DevScore(prepared, backbone, device, spec, cancellationToken);
            candidate = double.IsFinite(score) ? candidate with { DevScore = score } : candidate with { Failed = $"its {prepared.Task.Metric} is not defined" };
        }
        catch (InvalidRunException wrong) when (candidate.SearchScore is not null) // the run file's own mistakes are the user's
        {
            candidate = candidate with { Failed = wrong.Problems[0].ToString().Split('\n')[0] };
        }

        _tried.Add((candidate, spec));
        say(string.Create(CultureInfo.InvariantCulture, $"{candidate.Kind}: {candidate.Prompt}: {(candidate.DevScore is double dev ? $"{prepared.Task.Metric} {dev:0.0000} on {prepared.Dev.Count} validation examples" : candidate.Failed)}"));
    }

    // Trained as the run file says, where anything trains; the validation score of the state that a run would keep.
    private double DevScore(PreparedRun prepared, Backbone backbone, Device device, RunSpec spec, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope(); // outlives the run, whose deltas leave the backbone as it was
        using PreparedRun run = composer.Prepare(spec, readExamples: false) with { Train = prepared.Train, Dev = prepared.Dev };
        TuningModel model = RunComposer.Bind(run, backbone, device);
        RunComposer.Fit(model, spec, run.Train);
        if (model.Trained().Count == 0)
        {
            return Evaluator.Evaluate(model, model.Encode(run.Dev), spec.Training.EvalBatchSize, writes: false, cancellationToken).Score;
        }

        using var trainer = new Trainer(model, spec.Training, spec.Seed, run.Train, run.Dev);
        return trainer.Run(checkpoint: null, report: null, cancellationToken).DevScore ?? double.NaN;
    }

    private (PromptCandidate Candidate, RunSpec Spec) Best(string metric)
    {
        (PromptCandidate Candidate, RunSpec Spec)[] scored = [.. _tried.Where(t => t.Candidate.DevScore is not null)];
        return scored.Length == 0
            ? throw new InvalidRunException("task", "must have a validation split that its metric is defined on, but no prompt has a score there")
            : MetricNames.IsHigherBetter(metric) ? scored.MaxBy(t => t.Candidate.DevScore) : scored.MinBy(t => t.Candidate.DevScore);
    }

    private RunSpec With(RunSpec spec, FoundTemplate found)
    {
        var root = (JObject)spec.Resolved.DeepClone();
        var template = (JObject)root["template"]!;
        template.Remove("file");
        template.Remove("choice");
        template["text"] = found.Text;
        return read(root);
    }

    private RunSpec With(RunSpec spec, ITask task, FoundLabelWords found)
    {
        var root = (JObject)spec.Resolved.DeepClone();
        root["verbalizer"]!["label_words"] = new JObject(task.Classes.Zip(found.Words).Select(pair => new JProperty(pair.First.Name, new JArray(pair.Second))));
        return read(root);
    }

    // A class's first word: the verbalizer's where it has its own, else the task's.
    private static string FirstWord(RunSpec spec, ClassInfo info)
    {
        JToken? own = (spec.Verbalizer!.Source["label_words"] as JObject)?[info.Name];
        string? word = own is JArray { Count: > 0 } list ? (string?)list[0] : (string?)(own as JValue) ?? (info.LabelWords.Count > 0 ? info.LabelWords[0] : null);
        const string NoPrefix = "<!>";
        return word is null
            ? throw new InvalidRunException($"task class '{info.Name}'", "must have a label word, which templates are written around, but has none")
            : word.StartsWith(NoPrefix, StringComparison.Ordinal) ? word[NoPrefix.Length..] : word;
    }
}
