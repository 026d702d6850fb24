using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune;

/// <summary>Creates one component: its options are an argument, everything else comes from the services.</summary>
internal sealed class ComponentFactory(ComponentDescriptor descriptor)
{
    public object Create(IServiceProvider services, object options)
        => ActivatorUtilities.CreateInstance(services, descriptor.ComponentType, options);
}
