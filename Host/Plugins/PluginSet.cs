using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune.Host.Plugins;

/// <summary>The plugins of this process: those that registered and those that were skipped.</summary>
internal sealed class PluginSet
{
    private readonly Lazy<IServiceProvider> _provider;

    internal PluginSet(IServiceCollection services, IReadOnlyList<LoadedPlugin> plugins, IReadOnlyList<PluginLoadException> faults)
    {
        Plugins = plugins;
        Faults = faults;
        Components = [.. plugins.SelectMany(p => p.Components).OrderBy(c => c.Kind).ThenBy(c => c.Name, StringComparer.Ordinal)];
        _provider = new Lazy<IServiceProvider>(() =>
        {
            services.AddDeltaTune();
            return services.BuildServiceProvider();
        });
    }

    /// <summary>Gets the plugins that registered, in the order of loading.</summary>
    public IReadOnlyList<LoadedPlugin> Plugins { get; }

    /// <summary>Gets what went wrong with the others, one each.</summary>
    public IReadOnlyList<PluginLoadException> Faults { get; }

    /// <summary>Gets every component, by kind, then by name.</summary>
    public IReadOnlyList<ComponentDescriptor> Components { get; }

    /// <summary>Gets the services that components are created from. Made at the first use, since listing needs none.</summary>
    public IServiceProvider Services => _provider.Value;

    /// <summary>Gets the catalog that creates components.</summary>
    public IComponentCatalog Catalog => Services.GetRequiredService<IComponentCatalog>();
}
