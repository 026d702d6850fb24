using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Runs;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>A finished run that answers inputs line by line: what the commands take that ask it.</summary>
/// <param name="folder">What the help says of the folder.</param>
/// <param name="input">What the help says of <c>--input</c>.</param>
internal sealed class FinishedRunChoice(string folder, string input)
{
    private readonly Argument<string> _folder = new("folder") { Description = folder };
    private readonly Option<string> _input = new("--input") { Description = input, HelpName = "FILE", DefaultValueFactory = _ => "-" };
    private readonly Option<bool> _force = new("--force") { Description = "Use the deltas though they were trained on another backbone." };
    private readonly Option<bool> _json = new("--json") { Description = "Write a JSON object a line." };
    private readonly DeviceChoice _device = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_input);
        command.Add(_device.Device);
        command.Add(_force);
        command.Add(_device.Threads);
        command.Add(_json);
    }

    /// <summary>Gives the folder as it was given.</summary>
    public string Folder(ParseResult result) => result.GetValue(_folder)!;

    /// <summary>Tells whether JSON is to be written.</summary>
    public bool Json(ParseResult result) => result.GetValue(_json);

    /// <summary>Loads the run.</summary>
    /// <param name="context">Where the command works.</param>
    /// <param name="result">The command line.</param>
    /// <param name="sets">Changes of the run's own file.</param>
    /// <returns>The run, the caller's to dispose.</returns>
    /// <exception cref="InvalidRunException">The folder holds no finished run, or one that does not fit together.</exception>
    public Predictor Load(CommandContext context, ParseResult result, params string[] sets)
    {
        RunFolder run = RunFolder.Open(Folder(result));
        RunSpec spec = context.LoadRun(run.RunFile, sets, RunPurpose.Training);
        Device device = _device.Of(result);
        return Predictor.Load(context.Composer(), context.SavedRun(), spec, run, device, result.GetValue(_force));
    }

    /// <summary>Reads the inputs as they come.</summary>
    /// <param name="context">Where the command works.</param>
    /// <param name="result">The command line.</param>
    /// <param name="predictor">The run that they are for.</param>
    /// <param name="deltas">The names that a line's <c>delta</c> may have; null where rows are not routed.</param>
    /// <returns>Groups of one or more examples.</returns>
    /// <exception cref="InvalidRunException">There is no such file, or a line is wrong.</exception>
    public IEnumerable<IReadOnlyList<Example>> Read(CommandContext context, ParseResult result, Predictor predictor, IReadOnlyList<string>? deltas = null)
    {
        string source = result.GetValue(_input)!;
        using TextReader lines = InputText.Open(source);
        foreach (IReadOnlyList<Example> examples in new InputLines(predictor.Fields, source == "-" ? "input" : source, deltas).Read(lines, predictor.BatchSize, context.Cancellation))
        {
            yield return examples;
        }
    }
}
