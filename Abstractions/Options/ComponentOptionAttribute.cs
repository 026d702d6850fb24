namespace DeltaTune.Options;

/// <summary>Marks an options property of type <see cref="ComponentChoice"/> with the kind of component that it names.</summary>
/// <param name="kind">The kind.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ComponentOptionAttribute(ComponentKind kind) : Attribute
{
    /// <summary>Gets the kind.</summary>
    public ComponentKind Kind { get; } = kind;
}
