using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune;

/// <summary>The catalog over the descriptors that registration left among the services.</summary>
internal sealed class ComponentCatalog(IServiceProvider services, IEnumerable<ComponentDescriptor> descriptors) : IComponentCatalog
{
    public IReadOnlyList<ComponentDescriptor> All { get; } =
        [.. descriptors.OrderBy(d => d.Kind).ThenBy(d => d.Name, StringComparer.Ordinal)];

    public ComponentDescriptor Get(ComponentKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(d => d.Kind == kind && d.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new KeyNotFoundException(
                $"there is no {kind.ToString().ToLowerInvariant()} '{name}'; there are: {string.Join(", ", All.Where(d => d.Kind == kind).Select(d => d.Name))}");
    }

    public T Create<T>(ComponentKind kind, string name, object options)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        ComponentDescriptor descriptor = Get(kind, name);
        ComponentFactory factory = services.GetRequiredKeyedService<ComponentFactory>(new ComponentKey(kind, descriptor.Name));
        return (T)factory.Create(services, options);
    }
}
