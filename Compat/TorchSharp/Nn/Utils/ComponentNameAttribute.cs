namespace TorchSharp.Utils;

/// <summary>Gives the name under which a field's module, parameter or buffer is registered, in place of the field's own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class ComponentNameAttribute : Attribute
{
    /// <summary>Gets or sets the registered name, as it shows in a state dictionary.</summary>
    public string Name { get; set; } = string.Empty;
}
