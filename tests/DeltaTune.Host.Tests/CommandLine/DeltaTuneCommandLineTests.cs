using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Tests.Plugins;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.CommandLine;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeltaTuneCommandLineTests : IDisposable
{
    private readonly CancellationTokenSource _interrupt = new();
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
        _interrupt.Dispose();
    }

    [Test]
    public void Run_UsersMistakes_AreOneSentenceEachAndCode2()
    {
        int code = Do(_ => throw new InvalidRunException([new RunProblem("deltas[0].rank", "must be 1 or more, but is 0"), new RunProblem("task", "is required")]));

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(Lines(_error), Is.EqualTo(new[] { "error: deltas[0].rank must be 1 or more, but is 0", "error: task is required" }));
            Assert.That(_output.ToString(), Is.Empty);
        });
    }

    [Test]
    public void Run_FaultOfOurs_IsCode1WithoutStackTrace()
    {
        int code = Do(_ => throw new InvalidOperationException("the ledger is torn"));

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(Lines(_error), Is.EqualTo(new[]
            {
                "deltatune failed: InvalidOperationException: the ledger is torn",
                "This is a fault of DeltaTune or of a plugin; run again with --verbose to see where it comes from.",
            }));
        });
    }

    [Test]
    public void Run_FaultOfOursVerbose_ShowsStackTrace()
    {
        int code = Do(_ => throw new InvalidOperationException("the ledger is torn"), "--verbose");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain($"at {typeof(DeltaTuneCommandLineTests).FullName}."));
    }

    [Test]
    public void Run_Interrupted_IsCode130()
    {
        _interrupt.Cancel();

        int code = Do(context =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            return 0;
        });

        Assert.That(code, Is.EqualTo(130));
        Assert.That(_error.ToString(), Is.Empty);
    }

    [TestCase("lisst", "error: Unrecognized command or argument 'lisst'.", "nearest: 'list'")]
    [TestCase("list --jsn", "error: '--jsn' is not an option of 'deltatune list'; nearest: '--json'")]
    [TestCase("list --bogus deltas", "error: '--bogus' is not an option of 'deltatune list'; there are: '--json', '--help', '--verbose', '--plugins'")]
    [TestCase("plugins", "error: Required command was not provided.", "'deltatune plugins --help' shows what there is")]
    [TestCase("list deltsa", "error: list 'deltsa' names no kind of component; nearest: 'deltas'")]
    [TestCase("list --plugins nowhere", "error: --plugins 'nowhere' is not a folder; name a folder of plugin folders, or one plugin's folder")]
    public void Run_WrongCommandLine_IsCode2(string args, params string[] expected)
    {
        int code = Run(args.Split(' '));

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(Lines(_error), Is.EqualTo(expected));
            Assert.That(_output.ToString(), Is.Empty);
        });
    }

    [Test]
    public void Run_ListJson_IsPureJsonThoughAPluginIsSkipped()
    {
        EmittedPlugin.Write(_folder.Path, "Good", nameof(PluginScript.RegisterDelta), "lora");
        _folder.Write("Garbage/Garbage.dll", "this is text");

        int code = Run("list", "--json", "--plugins", _folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That((string?)JArray.Parse(_output.ToString())[0]["name"], Is.EqualTo("lora"));
            Assert.That(_error.ToString(), Does.StartWith("warning: plugin 'Garbage' is not a .NET assembly").And.EndWith("(skipped)" + Environment.NewLine));
        });
    }

    [Test]
    public void Run_ListOfAKind_IsAligned()
    {
        EmittedPlugin.Write(_folder.Path, "A", nameof(PluginScript.RegisterDelta), "lora");
        EmittedPlugin.Write(_folder.Path, "B", nameof(PluginScript.RegisterDelta), "prefix");

        int code = Run("list", "delta", "--plugins", _folder.Path);

        Assert.That(code, Is.Zero);
        Assert.That(Lines(_output), Is.EqualTo(new[] { "deltas", "  lora    does nothing", "  prefix  does nothing" }));
    }

    [Test]
    public void Run_PluginsListJson_TellsWhatWasSkipped()
    {
        EmittedPlugin.Write(_folder.Path, "Good", nameof(PluginScript.RegisterDelta), "lora");
        _folder.Write("Garbage/Garbage.dll", "this is text");

        int code = Run("plugins", "list", "--json", "--plugins", _folder.Path);

        JObject report = JObject.Parse(_output.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That((string?)report.SelectToken("plugins[0].name"), Is.EqualTo("Good"));
            Assert.That((string?)report.SelectToken("skipped[0].name"), Is.EqualTo("Garbage"));
        });
    }

    [Test]
    public void Run_SchemaOut_WritesTheFile()
    {
        string file = Path.Combine(_folder.Path, "run.schema.json");

        int code = Run("schema", "--out", file);

        Assert.That(code, Is.Zero);
        Assert.That((string?)JObject.Parse(File.ReadAllText(file))["$schema"], Is.EqualTo("https://json-schema.org/draft/2020-12/schema"));
    }

    [TestCase("list")]
    [TestCase("plugins")]
    [TestCase("plugins list")]
    [TestCase("schema")]
    public void Run_Help_EndsWithExamples(string command)
    {
        int code = Run([.. command.Split(' '), "--help"]);

        Assert.That(code, Is.Zero);
        Assert.That(_output.ToString(), Does.Contain($"Examples:{Environment.NewLine}  deltatune {command}"));
    }

    private static string[] Lines(StringWriter writer) => writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private int Run(params string[] args) => DeltaTuneCommandLine.Run(args, CommandSet.All, new CommandContext(_output, _error, CancellationToken.None));

    private int Do(Func<CommandContext, int> action, params string[] args)
        => DeltaTuneCommandLine.Run(["do", .. args], [new ScriptedCommand(action)], new CommandContext(_output, _error, _interrupt.Token));
}
