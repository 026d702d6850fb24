using System.CommandLine;
using DeltaTune.Host.CommandLine;

namespace DeltaTune.Host.Tests.CommandLine;

/// <summary>A command <c>do</c> that does what the test says.</summary>
internal sealed class ScriptedCommand(Func<CommandContext, int> action) : ICliCommand
{
    public Command Define(CommandContext context)
    {
        var command = new CommandWithExamples("do", "Does what the test says.", "do");
        command.SetAction(_ => action(context));
        return command;
    }
}
