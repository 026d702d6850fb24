namespace DeltaTune;

/// <summary>The components that have been registered, by kind and name.</summary>
public interface IComponentCatalog
{
    /// <summary>Gets every component, by kind, then by name.</summary>
    IReadOnlyList<ComponentDescriptor> All { get; }

    /// <summary>Looks a component up.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name, in any case.</param>
    /// <returns>The component.</returns>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists the names there are.</exception>
    ComponentDescriptor Get(ComponentKind kind, string name);

    /// <summary>Creates a component from its options.</summary>
    /// <typeparam name="T">What the kind promises: <see cref="Deltas.Delta"/>, <see cref="Prompts.Template"/> and so on.</typeparam>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name, in any case.</param>
    /// <param name="options">An instance of the component's options type, already validated.</param>
    /// <returns>A new component, the caller's to dispose.</returns>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists the names there are.</exception>
    T Create<T>(ComponentKind kind, string name, object options)
        where T : class;
}
