namespace DeltaTune.Tasks;

/// <summary>Draws k examples a class for training and, when asked, others for choosing checkpoints.</summary>
/// <remarks>
/// As OpenPrompt's FewShotSampler: grouped by label, permuted, the first k of each class, the union shuffled; dev comes from the
/// remaining training examples. Differs from it: the generator is our own, so the seeds do not pick OpenPrompt's examples; a
/// class's order depends on seed and class alone, train takes its front and dev its back, so that fewer shots are a subset of more
/// and dev stays the same.
/// </remarks>
public static class FewShotSampler
{
    /// <summary>Draws a sample.</summary>
    /// <param name="pool">The examples to draw from, each with a label.</param>
    /// <param name="classes">The task's classes.</param>
    /// <param name="shots">k, the training examples a class; 0 takes all that dev leaves.</param>
    /// <param name="devShots">The dev examples a class; 0 draws none. Where a class is too small for both, train has its k first;
    /// with all for training, dev has at most half of a class.</param>
    /// <param name="seed">Equal seeds and pools give equal samples on every platform.</param>
    /// <returns>The sample, with a warning for each class that fell short.</returns>
    /// <exception cref="ArgumentException">An example has no label or one that is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static FewShotSample Draw(IReadOnlyList<Example> pool, IReadOnlyList<ClassInfo> classes, int shots, int devShots, int seed)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfNegative(shots);
        ArgumentOutOfRangeException.ThrowIfNegative(devShots);
        if (shots == 0 && devShots == 0) { return new FewShotSample(pool, [], []); }

        List<Example> train = [], dev = [];
        List<string> warnings = [];
        List<Example>[] groups = Group(pool, classes);
        for (int label = 0; label < groups.Length; label++)
        {
            List<Example> group = groups[label];
            Generator(seed, label + 1).Shuffle(group);
            int forDev = Math.Min(devShots, shots == 0 ? group.Count / 2 : Math.Max(0, group.Count - shots));
            int forTrain = shots == 0 ? group.Count - forDev : Math.Min(shots, group.Count);
            train.AddRange(group.Take(forTrain));
            dev.AddRange(group.Skip(group.Count - forDev));
            if (forTrain < shots || forDev < devShots)
            {
                warnings.Add($"Class '{classes[label].Name}' has too few training examples ({group.Count}): {forTrain} went to train, "
                    + $"which should have {(shots == 0 ? "all the rest" : shots)}, and {forDev} to dev, which should have {devShots}.");
            }
        }

        SplitMix64 order = Generator(seed, 0);
        order.Shuffle(dev); // first, so that its order does not depend on how many shots train has
        order.Shuffle(train);
        return new FewShotSample(train, dev, warnings);
    }

    // A generator for each stream (0 the order of the union, then one a class): a class's draw does not depend on the other classes.
    private static SplitMix64 Generator(int seed, int stream) =>
        new(new SplitMix64(((ulong)(uint)seed << 32) | (uint)stream).Next());

    private static List<Example>[] Group(IReadOnlyList<Example> pool, IReadOnlyList<ClassInfo> classes)
    {
        List<Example>[] groups = [.. classes.Select(_ => new List<Example>())];
        foreach (Example example in pool)
        {
            if (example.Label is not int label || label < 0 || label >= groups.Length)
            {
                string seen = example.Label is int wrong ? $"{wrong}" : "none";
                throw new ArgumentException(
                    $"Example '{example.Id}' must have a label from 0 to {groups.Length - 1} to be sampled by class, but has {seen}.",
                    nameof(pool));
            }

            groups[label].Add(example);
        }

        return groups;
    }
}
