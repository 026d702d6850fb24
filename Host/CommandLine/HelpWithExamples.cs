using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DeltaTune.Host.CommandLine;

/// <summary>Shows a command's help, then its examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CommandWithExamples { Examples.Count: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine($"  deltatune {example}");
            }

            output.WriteLine();
        }

        return ExitCode.Success;
    }
}
