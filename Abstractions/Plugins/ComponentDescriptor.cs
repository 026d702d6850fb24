namespace DeltaTune;

/// <summary>What is known of a component before anything of it is created.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name in run files: lower case, such as <c>lora</c>. Unique within its kind.</param>
/// <param name="Summary">One line: what it does.</param>
/// <param name="Paper">Author, year and address of the paper that it follows; empty where there is none.</param>
/// <param name="ComponentType">The class that is created, with the options as a constructor argument and services for the rest.</param>
/// <param name="OptionsType">The record that its part of a run file is read into.</param>
public sealed record ComponentDescriptor(
    ComponentKind Kind, string Name, string Summary, string Paper, Type ComponentType, Type OptionsType)
{
    /// <summary>Gets the simple name of the assembly that provides it.</summary>
    public string Plugin => ComponentType.Assembly.GetName().Name ?? "";
}
