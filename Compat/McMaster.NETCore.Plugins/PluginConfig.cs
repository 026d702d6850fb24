using System.Reflection;
using System.Runtime.Loader;

namespace McMaster.NETCore.Plugins;

/// <summary>How a plugin is loaded.</summary>
public class PluginConfig // not sealed: the real one is not
{
    public PluginConfig(string mainAssemblyPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(mainAssemblyPath);
        if (!Path.IsPathRooted(mainAssemblyPath))
        {
            throw new ArgumentException($"the main assembly's path must be absolute, but is '{mainAssemblyPath}'", nameof(mainAssemblyPath));
        }

        MainAssemblyPath = mainAssemblyPath;
    }

    public string MainAssemblyPath { get; }

    /// <summary>Gets or sets what the plugin loads for itself, whatever the host has.</summary>
    public ICollection<AssemblyName> PrivateAssemblies { get; protected set; } = [];

    /// <summary>Gets or sets what the host supplies, so that its types mean the same on both sides.</summary>
    public ICollection<AssemblyName> SharedAssemblies { get; protected set; } = [];

    /// <summary>Gets or sets whether everything that the host can load comes from the host.</summary>
    public bool PreferSharedTypes { get; set; }

    public bool IsUnloadable { get; set; }

    /// <summary>Gets or sets the context that shared assemblies come from.</summary>
    public AssemblyLoadContext DefaultContext { get; set; } =
        AssemblyLoadContext.GetLoadContext(typeof(PluginConfig).Assembly) ?? AssemblyLoadContext.Default;
}
