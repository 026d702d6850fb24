namespace DeltaTune.Adapters;

/// <summary>The entry of this assembly.</summary>
public sealed class AdaptersPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IDeltaTuneBuilder builder) => builder.AddAdapters();
}
