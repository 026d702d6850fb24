using System.Reflection;
using System.Runtime.Loader;

namespace McMaster.NETCore.Plugins;

/// <summary>One plugin's load context: shared assemblies come from the host, the plugin's own from its deps.json or its folder, the rest from the host.</summary>
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    private readonly AssemblyLoadContext _host;
    private readonly AssemblyDependencyResolver _resolver;
    private readonly HashSet<string> _shared = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _private = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _preferHost;
    private readonly string _folder;

    internal PluginLoadContext(PluginConfig config)
        : base(Path.GetFileNameWithoutExtension(config.MainAssemblyPath), config.IsUnloadable)
    {
        _host = config.DefaultContext;
        _resolver = new AssemblyDependencyResolver(config.MainAssemblyPath);
        _folder = Path.GetDirectoryName(config.MainAssemblyPath)!;
        _preferHost = config.PreferSharedTypes;
        _private.UnionWith(Names(config.PrivateAssemblies));
        _shared.UnionWith(Names(config.SharedAssemblies));
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if ((_preferHost || _shared.Contains(name)) && !_private.Contains(name))
        {
            try
            {
                return _host.LoadFromAssemblyName(assemblyName);
            }
            catch (FileNotFoundException)
            {
                // The host has none: the plugin may have brought one.
            }
        }

        string beside = Path.Combine(_folder, name + ".dll");
        string? path = _resolver.ResolveAssemblyToPath(assemblyName) ?? (File.Exists(beside) ? beside : null);
        if (path is not null)
        {
            return LoadFromAssemblyPath(path);
        }

        // Null would go on to the process's default context, which is another one where the host itself is loaded as a plugin.
        return _host == Default ? null : _host.LoadFromAssemblyName(assemblyName);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
        => _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static IEnumerable<string> Names(IEnumerable<AssemblyName> assemblies) => assemblies.Select(a => a.Name ?? "");
}
