namespace DeltaTune.Options;

/// <summary>Marks an options property (a string, or a list of strings) as the path of a file or folder that is read.</summary>
/// <remarks>
/// A relative path is looked for in the run file's folder, then in the current folder, then in the application's root; the property then
/// holds the absolute path. Where there is nothing of that name, the run file is refused.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathOptionAttribute : Attribute
{
    /// <summary>Gets or sets whether nothing need be there yet: the path is then taken from the run file's folder.</summary>
    public bool MayBeMissing { get; set; }
}
