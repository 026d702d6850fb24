namespace DeltaTune;

/// <summary>A plugin could not be loaded. The host reports it, skips the plugin and goes on.</summary>
public sealed class PluginLoadException : Exception
{
    /// <summary>Says which plugin failed and why.</summary>
    /// <param name="plugin">The plugin's folder or assembly name.</param>
    /// <param name="problem">What is wrong and what would be right, without the plugin's name.</param>
    /// <param name="inner">What failed underneath, if anything did.</param>
    public PluginLoadException(string plugin, string problem, Exception? inner = null)
        : base($"plugin '{plugin}' {problem}", inner)
        => Plugin = plugin;

    /// <summary>Gets the plugin's folder or assembly name.</summary>
    public string Plugin { get; }
}
