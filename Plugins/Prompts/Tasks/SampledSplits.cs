using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Applies <see cref="SamplingOptions"/> to a task's splits, each read at most once.</summary>
/// <param name="read">Reads a whole split.</param>
/// <param name="classes">Gives the classes.</param>
/// <param name="options">How much to take.</param>
internal sealed class SampledSplits(
    Func<Split, IReadOnlyList<Example>> read, Func<IReadOnlyList<ClassInfo>> classes, SamplingOptions options)
{
    private readonly Dictionary<Split, IReadOnlyList<Example>> _whole = [];
    private FewShotSample? _sample;

    public IReadOnlyList<string> Warnings => _sample?.Warnings ?? [];

    public IReadOnlyList<Example> Read(Split split) => split switch
    {
        Split.Train => Sample().Train,
        Split.Dev when options.DevShots > 0 => Sample().Dev,
        _ => Whole(split),
    };

    private FewShotSample Sample() =>
        _sample ??= FewShotSampler.Draw(Whole(Split.Train), classes(), options.Shots, options.DevShots, options.Seed);

    private IReadOnlyList<Example> Whole(Split split)
    {
        if (!_whole.TryGetValue(split, out IReadOnlyList<Example>? examples))
        {
            examples = read(split);
            _whole.Add(split, examples);
        }

        return examples;
    }
}
