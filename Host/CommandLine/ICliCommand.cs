using System.CommandLine;

namespace DeltaTune.Host.CommandLine;

/// <summary>One command of the command line. A new one is a file with a class and a line in <see cref="CommandSet"/>.</summary>
internal interface ICliCommand
{
    /// <summary>Describes the command: arguments, options, examples and what it does.</summary>
    /// <remarks>
    /// Called at every start, so it only describes; what it does belongs into the action, which answers with an <see cref="ExitCode"/>.
    /// The action throws <see cref="InvalidRunException"/> for the user's mistakes and <see cref="OperationCanceledException"/> when interrupted; whatever
    /// else it throws counts as ours.
    /// </remarks>
    /// <param name="context">For the action: plugins, output, cancellation.</param>
    /// <returns>The command.</returns>
    Command Define(CommandContext context);
}
