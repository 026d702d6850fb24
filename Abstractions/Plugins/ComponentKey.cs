namespace DeltaTune;

/// <summary>The key under which a component's factory is registered.</summary>
internal sealed record ComponentKey(ComponentKind Kind, string Name);
