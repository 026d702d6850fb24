using DeltaTune.Backbones;
using DeltaTune.Host.Plugins;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Reads run files. Every mistake of a file is reported, not the first.</summary>
/// <param name="components">What the plugins provide.</param>
/// <param name="applicationRoot">The folder that models and data are beside.</param>
internal sealed class RunFile(IReadOnlyList<ComponentDescriptor> components, string applicationRoot)
{
    /// <summary>The seed of a run that names none.</summary>
    public const long DefaultSeed = 42;

    /// <summary>The keys at the top of a run file, in the order in which they are written.</summary>
    public static readonly IReadOnlyList<string> Keys =
        ["name", "seed", "task", "backbone", "template", "verbalizer", "deltas", "composition", "calibration", "input", "training", "evaluation", "compare", "ensemble", "episodes", "pretraining"];

    /// <summary>Reads and checks a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="sets">Edits made before it is bound, such as <c>deltas[0].rank=4</c>.</param>
    /// <param name="purpose">What it is read for.</param>
    /// <returns>The run.</returns>
    /// <exception cref="InvalidRunException">The file is missing or wrong; every mistake is in <see cref="InvalidRunException.Problems"/>.</exception>
    public RunSpec Load(string file, IEnumerable<string> sets, RunPurpose purpose)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRunException(file, Directory.Exists(file) ? "must be a run file, but is a folder" : $"cannot be read: {cause.Message}", cause);
        }

        var problems = new List<RunProblem>();
        JObject root = RunJson.Parse(text, file, problems);
        return Read(root, Path.GetFullPath(file), sets, purpose, problems);
    }

    /// <summary>Checks a run that is at hand as JSON: one variant of a comparison.</summary>
    /// <param name="root">The run; not changed.</param>
    /// <param name="file">The absolute path of the file that it came from, whose folder its paths are looked for in.</param>
    /// <param name="sets">Edits made before it is bound.</param>
    /// <param name="purpose">What it is read for.</param>
    /// <returns>The run.</returns>
    /// <exception cref="InvalidRunException">It is wrong; every mistake is in <see cref="InvalidRunException.Problems"/>.</exception>
    public RunSpec Read(JObject root, string file, IEnumerable<string> sets, RunPurpose purpose)
        => Read((JObject)root.DeepClone(), file, sets, purpose, []);

    private RunSpec Read(JObject root, string file, IEnumerable<string> sets, RunPurpose purpose, List<RunProblem> problems)
    {
        foreach (string set in sets)
        {
            RunOverrides.Apply(root, set, problems);
        }

        foreach (JProperty entry in root.Properties().Where(p => p.Name != "$schema" && !Keys.Contains(p.Name)))
        {
            problems.Add(new RunProblem(entry.Path, $"is not a part of a run file; {NearestNames.Hint(entry.Name, Keys)}"));
        }

        var lookup = new ComponentLookup(components, problems);
        var parts = new RunParts(root, lookup, new OptionsBinder(new OptionPaths(Path.GetDirectoryName(file)!, applicationRoot, problems), lookup, problems), problems);
        bool trains = purpose == RunPurpose.Training;
        IReadOnlyList<ComponentSpec> deltas;
        var spec = new RunSpec
        {
            Name = parts.Text("name") ?? Path.GetFileNameWithoutExtension(file),
            Seed = parts.Integer("seed") ?? DefaultSeed,
            File = file,
            Task = parts.Component(ComponentKind.Task, trains),
            Backbone = parts.Component(ComponentKind.Backbone, trains),
            Template = parts.Component(ComponentKind.Template, trains),
            Verbalizer = parts.Component(ComponentKind.Verbalizer, trains),
            Deltas = deltas = parts.Deltas(), // in this order, as mistakes are told
            Composition = parts.Composition(deltas),
            Calibration = parts.Section<CalibrationOptions>("calibration"),
            Input = parts.Section<EncodingOptions>("input"),
            Training = parts.Section<TrainingOptions>("training"),
            Evaluation = parts.Section<EvaluationOptions>("evaluation"),
            Compare = parts.Section<CompareOptions>("compare"),
            Episodes = parts.Section<EpisodeOptions>("episodes"),
            Ensemble = root["ensemble"] is null or { Type: JTokenType.Null } ? null : parts.Section<EnsembleOptions>("ensemble"),
            Pretraining = parts.Component(ComponentKind.Pretraining, purpose == RunPurpose.Pretraining),
            Resolved = [],
        };
        CheckParts(spec, "training.learning_rates", spec.Training.LearningRates.Keys, problems);
        CheckParts(spec, "training.weight_decays", spec.Training.WeightDecays.Keys, problems);
        return problems.Count == 0 ? spec with { Resolved = Resolve(spec) } : throw new InvalidRunException(problems);
    }

    // A rate that nothing learns at, or a decay of nothing, would be a mistake that nobody sees.
    private static void CheckParts(RunSpec spec, string option, IEnumerable<string> parts, List<RunProblem> problems)
    {
        string[] deltas = [.. spec.Deltas.Select(d => d.Name)];
        string[] others = [TrainingOptions.TemplatePart, TrainingOptions.VerbalizerPart, .. spec.Composition is null ? Array.Empty<string>() : [TrainingOptions.CompositionPart]];
        foreach (string part in problems.Exists(p => p.Path.StartsWith("deltas", StringComparison.Ordinal)) ? [] : parts)
        {
            string place = OptionShape.Join(option, part);
            if (!deltas.Contains(part) && !others.Contains(part))
            {
                problems.Add(new RunProblem(place, $"is no part of the run; {NearestNames.Hint(part, deltas.Concat(others))}"));
            }
            else if (deltas.Contains(part) && others.Contains(part))
            {
                problems.Add(new RunProblem(place, $"is both a delta and the {part}; give the delta another \"name\""));
            }
        }
    }

    private static JObject Resolve(RunSpec spec)
    {
        var resolved = new JObject { ["name"] = spec.Name, ["seed"] = spec.Seed };
        foreach (ComponentSpec component in new[] { spec.Task, spec.Backbone, spec.Template, spec.Verbalizer }.OfType<ComponentSpec>())
        {
            resolved[KindNames.One(component.Kind)] = component.Source.DeepClone();
        }

        resolved["deltas"] = new JArray(spec.Deltas.Select(d => d.Source.DeepClone()));
        if (spec.Composition is not null)
        {
            resolved["composition"] = spec.Composition.ToJson();
        }

        resolved["calibration"] = JObject.FromObject(spec.Calibration, OptionNames.Serializer);
        resolved["input"] = JObject.FromObject(spec.Input, OptionNames.Serializer);
        resolved["training"] = JObject.FromObject(spec.Training, OptionNames.Serializer);
        resolved["evaluation"] = JObject.FromObject(spec.Evaluation, OptionNames.Serializer);
        resolved["compare"] = JObject.FromObject(spec.Compare, OptionNames.Serializer);
        resolved["episodes"] = JObject.FromObject(spec.Episodes, OptionNames.Serializer);
        if (spec.Ensemble is not null)
        {
            resolved["ensemble"] = JObject.FromObject(spec.Ensemble, OptionNames.Serializer);
        }

        if (spec.Pretraining is not null)
        {
            resolved["pretraining"] = spec.Pretraining.Source.DeepClone();
        }

        return resolved;
    }
}
