using System.Text.RegularExpressions;
using DeltaTune.Adapters;
using DeltaTune.Backbones;
using DeltaTune.Host.Commands;
using DeltaTune.Host.Options;
using DeltaTune.Host.Plugins;
using DeltaTune.Prompts;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Options;

/// <summary>Every example of docs/run-files.md is a run file: whole, or a part laid over the page's first one.</summary>
internal sealed partial class RunFilePageTests
{
    private static readonly string Root = ApplicationRoot.Find(), Page = Path.Combine(Root, "docs", "run-files.md");

    [Test]
    public void Page_IsThere_AndHasExamples() => Assert.That(Examples().Count(), Is.GreaterThan(10));

    [TestCaseSource(nameof(Examples))]
    public void Example_OfThePage_IsARunFile(string example)
    {
        JObject run = example.StartsWith('{') ? JObject.Parse(example) : JObject.Parse(Examples().First());
        if (!example.StartsWith('{'))
        {
            JObject.Parse($"{{{example}}}").Properties().ToList().ForEach(p => run[p.Name] = p.Value);
        }

        var host = new PluginHost();
        host.Add("own", builder => builder.AddBackbones().AddPrompts().AddAdapters());
        IReadOnlyList<ComponentDescriptor> components = host.Build().Components;
        RunPurpose purpose = run.ContainsKey("pretraining") ? RunPurpose.Pretraining : RunPurpose.Training;

        Assert.That(new SchemaChecker(new SchemaWriter(components).Write()).Check(run), Is.Empty);
        foreach (string[] sets in Settings(run).Prepend([]))
        {
            IEnumerable<string> problems = Problems(() => new RunFile(components, Root).Read(run, Page, sets, purpose));
            Assert.That(problems.Where(p => !p.Contains("names no file or folder", StringComparison.Ordinal)), Is.Empty); // but for what one has oneself
        }
    }

    private static IEnumerable<string> Examples() => File.Exists(Page) ? Block().Matches(File.ReadAllText(Page)).Select(m => m.Groups[1].Value) : [];

    // What the variants of a comparison and the members of an ensemble set.
    private static IEnumerable<string[]> Settings(JObject run)
        => run.SelectTokens("compare.variants.*").OfType<JObject>().Append(run.SelectToken("ensemble.distillation.student") as JObject ?? [])
            .Concat(run.SelectTokens("ensemble.templates[*]").Select(t => new JObject { ["template"] = t.DeepClone() }))
            .Select(s => RunVariants.Settings(s).Append("compare={}").ToArray());

    private static IEnumerable<string> Problems(Action read)
    {
        try
        {
            read();
            return [];
        }
        catch (InvalidRunException wrong)
        {
            return wrong.Problems.Select(p => p.ToString());
        }
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
