using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using DeltaTune.Host.Options;

namespace DeltaTune.Host.CommandLine;

/// <summary>The command line: parses, runs a command, and turns what goes wrong into one sentence and an exit code.</summary>
internal static class DeltaTuneCommandLine
{
    /// <summary>Runs as the process does: on its console, with Ctrl-C.</summary>
    public static int Run(string[] args)
    {
        using var interruption = new Interruption(Console.Error);
        return Run(args, CommandSet.All, new CommandContext(Console.Out, Console.Error, interruption.Token));
    }

    /// <summary>Runs.</summary>
    /// <param name="args">What follows the program's name.</param>
    /// <param name="commands">The commands there are.</param>
    /// <param name="context">Where they work.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, IReadOnlyList<ICliCommand> commands, CommandContext context)
    {
        // A plain command, since RootCommand would call itself after the assembly.
        var root = new CommandWithExamples(
            "deltatune", "Adapts a large frozen network to a task by training a very small part.", "list deltas", "schema --out run.schema.json", "--version");
        var version = new Option<bool>("--version") { Description = "Show the version, and where torch comes from." };
        var verbose = new Option<bool>("--verbose") { Description = "Show details and, when something fails, the stack trace.", Recursive = true };
        var plugins = new Option<string[]>("--plugins")
        {
            Description = "Load the plugins of this folder too. May be given several times.", HelpName = "DIR", Recursive = true, Arity = ArgumentArity.OneOrMore, DefaultValueFactory = _ => [],
        };
        var help = new HelpOption { Recursive = true };
        var showHelp = new HelpWithExamples((HelpAction)help.Action!);
        help.Action = showHelp;
        root.Add(help);
        root.Add(version);
        root.Add(verbose);
        root.Add(plugins);
        root.SetAction(result => result.GetValue(version) ? VersionReport.Write(context.Output) : showHelp.Invoke(result));
        foreach (ICliCommand command in commands)
        {
            root.Add(command.Define(context));
        }

        ParseResult parsed = root.Parse(args);
        context.Verbose = parsed.GetResult(verbose) is { Implicit: false };
        if ((parsed.Errors.Count > 0 || UnknownOptions(parsed).Any()) && parsed.Action is not HelpWithExamples)
        {
            return Refuse(parsed, context.Error);
        }

        context.PluginFolders = parsed.GetValue(plugins) ?? [];
        return Invoke(parsed, context);
    }

    private static int Invoke(ParseResult parsed, CommandContext context)
    {
        try
        {
            int code = parsed.Invoke(new InvocationConfiguration
            {
                Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            });
            if (context.Verbose && AppContext.GetData("DeltaTune.TorchProvider") is string torch) // there once libtorch has been loaded
            {
                context.Error.WriteLine($"torch: {torch}");
            }

            return code;
        }
        catch (InvalidRunException mistake)
        {
            foreach (RunProblem problem in mistake.Problems)
            {
                context.Error.WriteLine($"error: {problem}");
            }

            return Explain(mistake, context, ExitCode.UserMistake);
        }
        catch (OperationCanceledException cause) when (context.Cancellation.IsCancellationRequested)
        {
            return Explain(cause, context, ExitCode.Interrupted);
        }
#pragma warning disable CA1031 // the last place where a fault can become a sentence
        catch (Exception fault)
#pragma warning restore CA1031
        {
            context.Error.WriteLine($"deltatune failed: {fault.GetType().Name}: {fault.Message}");
            context.Error.WriteLine(context.Verbose
                ? "This is a fault of DeltaTune or of a plugin; the stack trace says of which:"
                : "This is a fault of DeltaTune or of a plugin; run again with --verbose to see where it comes from.");
            return Explain(fault, context, ExitCode.Fault);
        }
    }

    private static int Explain(Exception cause, CommandContext context, int code)
    {
        if (context.Verbose)
        {
            context.Error.WriteLine(cause);
        }

        return code;
    }

    private static int Refuse(ParseResult parsed, TextWriter error)
    {
        string full = string.Join(' ', parsed.CommandResult.GetPath());
        string[] unknown = [.. UnknownOptions(parsed)];
        foreach (string option in unknown)
        {
            error.WriteLine($"error: '{option}' is not an option of '{full}'; {NearestNames.Hint(option, Options(parsed.CommandResult))}");
        }

        if (unknown.Length > 0)
        {
            return ExitCode.UserMistake;
        }

        foreach (ParseError mistake in parsed.Errors)
        {
            error.WriteLine($"error: {mistake.Message}");
        }

        string[] known = [.. parsed.CommandResult.Command.Subcommands.Select(c => c.Name)];
        string[] near = [.. parsed.UnmatchedTokens.SelectMany(t => NearestNames.Find(t, known)).Distinct()];
        error.WriteLine(near.Length > 0 ? $"nearest: {string.Join(", ", near.Select(n => $"'{n}'"))}" : $"'{full} --help' shows what there is");
        return ExitCode.UserMistake;
    }

    // A misspelt option would otherwise be taken as an argument, or as a plugin folder.
    private static IEnumerable<string> UnknownOptions(ParseResult parsed)
        => parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash)
            .Where(t => t.Type == TokenType.Argument && t.Value.Length > 2 && t.Value.StartsWith("--", StringComparison.Ordinal)).Select(t => t.Value);

    // The command's own options, then those that hold for all commands.
    private static IEnumerable<string> Options(CommandResult command)
        => command.Command.Options.Select(o => o.Name)
            .Concat(command.Parent is CommandResult parent ? parent.Command.Options.Where(o => o.Recursive).Select(o => o.Name) : []).Distinct();

    // The names of a command and those it stands under, outermost first.
    private static IEnumerable<string> GetPath(this CommandResult command)
        => command.Parent is CommandResult parent ? parent.GetPath().Append(command.Command.Name) : [command.Command.Name];
}
