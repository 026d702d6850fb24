namespace DeltaTune.Host.Plugins;

/// <summary>How kinds of component are called on the command line and in messages.</summary>
internal static class KindNames
{
    /// <summary>Names one: <c>delta</c>.</summary>
    public static string One(ComponentKind kind) => kind switch
    {
        ComponentKind.Backbone => "backbone",
        ComponentKind.Delta => "delta",
        ComponentKind.Template => "template",
        ComponentKind.Verbalizer => "verbalizer",
        ComponentKind.Task => "task",
        ComponentKind.Pretraining => "pretraining",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of component"),
    };

    /// <summary>Names several: <c>deltas</c>.</summary>
    public static string Many(ComponentKind kind) => kind == ComponentKind.Pretraining ? "pretraining" : One(kind) + "s";

    /// <summary>Reads a name, in the singular or the plural.</summary>
    /// <returns>The kind, or null where there is none of that name.</returns>
    public static ComponentKind? Parse(string name)
    {
        foreach (ComponentKind kind in Enum.GetValues<ComponentKind>())
        {
            if (name.Equals(One(kind), StringComparison.OrdinalIgnoreCase) || name.Equals(Many(kind), StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return null;
    }
}
