namespace DeltaTune.Backbones;

/// <summary>The entry of this plugin assembly.</summary>
public sealed class BackbonesPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IDeltaTuneBuilder builder) => builder.AddBackbones();
}
