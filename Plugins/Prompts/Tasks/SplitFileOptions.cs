using DeltaTune.Options;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Where a task that reads a file a split finds them: in one folder, or named one by one.</summary>
/// <remarks>Where a relative path is looked for, <see cref="PathOptionAttribute"/> says. A name that ends in <c>.gz</c> is unpacked while it is read.</remarks>
public abstract record SplitFileOptions
{
    /// <summary>Gets a folder where <c>train</c>, <c>dev</c> and <c>test</c> are found, each with an ending that the task knows.</summary>
    /// <value>The default, null, needs the files to be named one by one.</value>
    [PathOption(MayBeMissing = true)]
    public string? Data { get; init; }

    /// <summary>Gets the training file.</summary>
    /// <value>The default, null, is found in <see cref="Data"/>.</value>
    [PathOption(MayBeMissing = true)]
    public string? Train { get; init; }

    /// <summary>Gets the dev file.</summary>
    /// <value>The default, null, is found in <see cref="Data"/>.</value>
    [PathOption(MayBeMissing = true)]
    public string? Dev { get; init; }

    /// <summary>Gets the test file.</summary>
    /// <value>The default, null, is found in <see cref="Data"/>.</value>
    [PathOption(MayBeMissing = true)]
    public string? Test { get; init; }

    /// <summary>Gets whether neither folder nor file is given.</summary>
    internal bool IsEmpty => (Data ?? Train ?? Dev ?? Test) is null;

    /// <summary>Gives the file that is named for a split; null where none is.</summary>
    internal string? Named(Split split) => split switch { Split.Train => Train, Split.Dev => Dev, _ => Test };

    /// <summary>Finds a split's file.</summary>
    /// <param name="split">The split.</param>
    /// <param name="endings">What its name may end in, in the folder; the first there is counts.</param>
    /// <returns>The path; null where neither it nor the folder is given.</returns>
    /// <exception cref="InvalidRunException">The folder has no such file.</exception>
    internal string? Find(Split split, params string[] endings)
    {
        if (Data is null || Named(split) is not null)
        {
            return Named(split);
        }

        string[] names = [.. endings.Select(ending => split.ToString().ToLowerInvariant() + ending)];
        return names.Select(name => Path.Combine(Data, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidRunException(Data, $"must be a folder with {string.Join(", ", names[..^1])} or {names[^1]}, but has {(names.Length == 2 ? "neither" : "none of them")}");
    }

    /// <summary>Finds the file of a split that has to be there.</summary>
    /// <param name="split">The split.</param>
    /// <param name="task">The task's name, for messages.</param>
    /// <param name="endings">What its name may end in, in the folder; the first there is counts.</param>
    /// <returns>The path.</returns>
    /// <exception cref="InvalidRunException">Neither it nor the folder is given, or the folder has no such file.</exception>
    internal string Require(Split split, string task, params string[] endings)
    {
        string word = split.ToString().ToLowerInvariant();
        return Find(split, endings) ?? throw new InvalidRunException($"task '{task}'",
            $"must have a {word} file to read that split, but has neither '{word}' nor 'data'" + (split == Split.Dev ? "; 'sampling.dev_shots' would draw dev from train" : ""));
    }
}
