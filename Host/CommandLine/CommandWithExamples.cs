using System.CommandLine;

namespace DeltaTune.Host.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">One or two sentences.</param>
/// <param name="examples">Whole command lines, without <c>deltatune</c>.</param>
internal sealed class CommandWithExamples(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Gets whole command lines, without <c>deltatune</c>.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
