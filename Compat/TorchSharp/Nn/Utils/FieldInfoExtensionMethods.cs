using System.Reflection;
using TorchSharp.Utils;

namespace TorchSharp;

/// <summary>Names of a module's fields.</summary>
public static class FieldInfoExtensionMethods
{
    /// <summary>Gets the name under which a field registers: its <see cref="ComponentNameAttribute"/>, else its own name.</summary>
    public static string ComponentName(this FieldInfo field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
    }
}
