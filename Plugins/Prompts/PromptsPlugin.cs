namespace DeltaTune.Prompts;

/// <summary>The entry of this plugin.</summary>
public sealed class PromptsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IDeltaTuneBuilder builder) => builder.AddPrompts();
}
