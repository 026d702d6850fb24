using System.Reflection;
using System.Runtime.Loader;

namespace McMaster.NETCore.Plugins;

/// <summary>Loads a plugin's assemblies into a load context of its own.</summary>
public class PluginLoader : IDisposable // not sealed: the real one is not
{
    private readonly PluginConfig _config;
    private readonly PluginLoadContext _context;
    private bool _disposed;

    public PluginLoader(PluginConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        _context = new PluginLoadContext(config);
    }

    public bool IsUnloadable => _config.IsUnloadable;

    public static PluginLoader CreateFromAssemblyFile(string assemblyFile) => CreateFromAssemblyFile(assemblyFile, static _ => { });

    public static PluginLoader CreateFromAssemblyFile(string assemblyFile, Type[] sharedTypes)
        => CreateFromAssemblyFile(assemblyFile, sharedTypes, static _ => { });

    public static PluginLoader CreateFromAssemblyFile(string assemblyFile, Type[] sharedTypes, Action<PluginConfig> configure)
    {
        ArgumentNullException.ThrowIfNull(sharedTypes);
        ArgumentNullException.ThrowIfNull(configure);
        return CreateFromAssemblyFile(assemblyFile, config =>
        {
            foreach (AssemblyName shared in sharedTypes.Select(t => t.Assembly.GetName()).DistinctBy(n => n.FullName))
            {
                config.SharedAssemblies.Add(shared);
            }

            configure(config);
        });
    }

    public static PluginLoader CreateFromAssemblyFile(string assemblyFile, Action<PluginConfig> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var config = new PluginConfig(assemblyFile);
        configure(config);
        return new PluginLoader(config);
    }

    public Assembly LoadDefaultAssembly() => LoadAssemblyFromPath(_config.MainAssemblyPath);

    public Assembly LoadAssembly(AssemblyName assemblyName)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _context.LoadFromAssemblyName(assemblyName);
    }

    public Assembly LoadAssembly(string assemblyName) => LoadAssembly(new AssemblyName(assemblyName));

    public Assembly LoadAssemblyFromPath(string assemblyPath)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _context.LoadFromAssemblyPath(assemblyPath);
    }

    public AssemblyLoadContext.ContextualReflectionScope EnterContextualReflection()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _context.EnterContextualReflection();
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_context.IsCollectible)
        {
            _context.Unload();
        }

        GC.SuppressFinalize(this);
    }
}
