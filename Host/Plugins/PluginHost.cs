using System.Reflection;
using McMaster.NETCore.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune.Host.Plugins;

/// <summary>Loads plugins, each into a load context of its own. A plugin that cannot be used is reported and skipped; the others stay.</summary>
internal sealed class PluginHost
{
    // What host and plugins must see as one, so that a type means the same on both sides.
    private static readonly string[] Shared =
    [
        "DeltaTune.Abstractions", "TorchSharp", "Newtonsoft.Json",
        "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.DependencyInjection.Abstractions",
    ];

    private readonly IServiceCollection _services = new ServiceCollection();
    private readonly List<LoadedPlugin> _plugins = [];
    private readonly List<PluginLoadException> _faults = [];

    /// <summary>Gets the longest that a plugin's constructor and <c>Register</c> may take together.</summary>
    public TimeSpan RegistrationLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Registers components of the program's own, as a plugin that is referenced rather than found.</summary>
    /// <param name="name">The name it is listed under.</param>
    /// <param name="register">Says what there is.</param>
    public void Add(string name, Action<IDeltaTuneBuilder> register)
        => Try(new PluginFolder(name, ""), () =>
        {
            var services = new ServiceCollection();
            register(services.AddDeltaTune());
            Accept(name, "", "", services);
        });

    /// <summary>Loads every plugin of some folders.</summary>
    /// <param name="roots">Folders of plugin folders, or plugin folders.</param>
    public void Load(IEnumerable<string> roots)
    {
        foreach (PluginFolder folder in PluginFolder.Discover(roots))
        {
            Try(folder, () => Load(folder));
        }
    }

    /// <summary>Ends loading.</summary>
    /// <returns>What was loaded and what was not.</returns>
    public PluginSet Build() => new(_services, _plugins, _faults);

    private void Try(PluginFolder folder, Action load)
    {
        try
        {
            load();
        }
        catch (PluginLoadException fault)
        {
            _faults.Add(fault);
        }
#pragma warning disable CA1031 // whatever a plugin does, the host goes on without it
        catch (Exception cause)
#pragma warning restore CA1031
        {
            _faults.Add(new PluginLoadException(folder.Name, $"could not be loaded: {cause.Message}", cause));
        }
    }

    private void Load(PluginFolder folder)
    {
        string path = folder.FindMainAssembly();
        (string entryType, Version version) = PluginInspector.Inspect(folder.Name, path);

        // Not disposed: the plugin's code lives as long as the process.
        PluginLoader loader = PluginLoader.CreateFromAssemblyFile(path, static config =>
        {
            foreach (string shared in Shared)
            {
                config.SharedAssemblies.Add(new AssemblyName(shared));
            }
        });
        Type entry = loader.LoadDefaultAssembly().GetType(entryType, throwOnError: true)!;
        Accept(folder.Name, version.ToString(3), folder.Path, Register(folder.Name, entry));
    }

    // On a thread of its own, since a plugin that hangs cannot be stopped, only left behind.
    private ServiceCollection Register(string plugin, Type entry)
    {
        var services = new ServiceCollection();
        PluginLoadException? fault = null;
        var thread = new Thread(() =>
        {
            string doing = "its constructor";
            try
            {
                var instance = (IPlugin)Activator.CreateInstance(entry)!;
                doing = "Register";
                instance.Register(services.AddDeltaTune());
            }
            catch (MissingMethodException cause) when (doing != "Register")
            {
                fault = new PluginLoadException(plugin, $"has no public constructor without parameters in '{entry.FullName}'; add one", cause);
            }
#pragma warning disable CA1031 // whatever a plugin throws is the report
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                Exception cause = thrown is TargetInvocationException { InnerException: { } inner } ? inner : thrown;
                fault = new PluginLoadException(plugin, $"threw {cause.GetType().Name} in {doing}: {cause.Message}", cause);
            }
        })
        { IsBackground = true, Name = $"registers {plugin}" };
        thread.Start();
        return !thread.Join(RegistrationLimit)
            ? throw new PluginLoadException(plugin, $"did not return from Register within {RegistrationLimit.TotalSeconds:0.###} s; registering should only say what there is")
            : fault is null ? services : throw fault;
    }

    private void Accept(string name, string version, string folder, ServiceCollection services)
    {
        ComponentDescriptor[] components = [.. services.Where(s => !s.IsKeyedService).Select(s => s.ImplementationInstance).OfType<ComponentDescriptor>()];
        foreach (ComponentDescriptor component in components)
        {
            LoadedPlugin? other = _plugins.FirstOrDefault(p => p.Components.Any(c => c.Kind == component.Kind && c.Name == component.Name));
            if (other is not null)
            {
                throw new PluginLoadException(
                    name, $"has a {KindNames.One(component.Kind)} '{component.Name}', but plugin '{other.Name}' has one of that name already; rename one, or remove one of the two plugins");
            }
        }

        foreach (ServiceDescriptor service in services.Where(s => s.ServiceType != typeof(IComponentCatalog)))
        {
            _services.Add(service);
        }

        _plugins.Add(new LoadedPlugin(name, version, folder, components));
    }
}
