using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DeltaTune;

/// <summary>Adds DeltaTune to a program of one's own.</summary>
public static class DeltaTuneServiceCollectionExtensions
{
    /// <summary>Registers the catalog of components. A second call changes nothing.</summary>
    /// <param name="services">The program's services.</param>
    /// <returns>The builder that plugins' <c>Add…</c> methods extend.</returns>
    public static IDeltaTuneBuilder AddDeltaTune(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IComponentCatalog, ComponentCatalog>();
        return new DeltaTuneBuilder(services);
    }
}
