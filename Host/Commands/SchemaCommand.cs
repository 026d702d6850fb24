using System.CommandLine;
using DeltaTune.Files;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Commands;

/// <summary>Writes the JSON schema of run files, so that editors complete and check them.</summary>
internal sealed class SchemaCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var output = new Option<string?>("--out") { Description = "Write to this file instead of the standard output.", HelpName = "FILE" };
        var command = new CommandWithExamples(
            "schema", "Write the JSON schema (draft 2020-12) of run files, for the components of the plugins found.", "schema", "schema --out run.schema.json") { output };
        command.SetAction(result =>
        {
            JObject schema = new SchemaWriter(context.Plugins.Components).Write();
            if (result.GetValue(output) is { } file)
            {
                AtomicFile.WriteAllText(file, schema.ToString(Formatting.Indented) + Environment.NewLine);
            }
            else
            {
                context.WriteJson(schema);
            }

            return ExitCode.Success;
        });
        return command;
    }
}
