using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;

namespace DeltaTune.Host.Commands;

/// <summary>The run file that a command is given and what is changed in it, the same in every command that takes one.</summary>
/// <param name="file">What the help says of the file.</param>
/// <param name="changes">What the help says of <c>--set</c>: a sentence, without its full stop.</param>
internal sealed class RunFileChoice(string file = "The run file.", string changes = "Change a value of the run file")
{
    /// <summary>Gets the argument.</summary>
    public Argument<string> File { get; } = new("run.json") { Description = file };

    /// <summary>Gets <c>--set</c>.</summary>
    public Option<string[]> Set { get; } = new("--set") { Description = $"{changes}. May be given several times.", HelpName = "PATH=VALUE", DefaultValueFactory = _ => [] };

    /// <summary>Gets <c>--seed</c>, for commands that take one.</summary>
    public Option<long?> Seed { get; } = new("--seed") { Description = "The seed, in place of the run file's.", HelpName = "N" };

    /// <summary>Gives the path as it was given.</summary>
    public string Path(ParseResult result) => result.GetValue(File)!;

    /// <summary>Gives the changes, the seed's last.</summary>
    public string[] Sets(ParseResult result)
        => [.. result.GetValue(Set) ?? [], .. result.GetResult(Seed) is not null && result.GetValue(Seed) is long number ? [$"seed={number}"] : Array.Empty<string>()];

    /// <summary>Reads and checks the changed file.</summary>
    /// <inheritdoc cref="RunFile.Load"/>
    public RunSpec Load(CommandContext context, ParseResult result, RunPurpose purpose) => context.LoadRun(Path(result), Sets(result), purpose);
}
