using DeltaTune.Tasks;

namespace DeltaTune.Abstractions.Tests.Tasks;

internal sealed class FewShotSamplerTests
{
    private static readonly ClassInfo[] Classes = [new("red", ["red"]), new("green", ["green"]), new("blue", ["blue"])];

    [Test]
    public void Draw_EnoughExamples_TakesKOfEachClassAndDisjointDev()
    {
        FewShotSample sample = FewShotSampler.Draw(Pool(20, 30, 25), Classes, shots: 8, devShots: 5, seed: 1);

        Assert.That(CountByClass(sample.Train), Is.EqualTo(new[] { 8, 8, 8 }));
        Assert.That(CountByClass(sample.Dev), Is.EqualTo(new[] { 5, 5, 5 }));
        Assert.That(Ids(sample.Train).Intersect(Ids(sample.Dev)), Is.Empty);
        Assert.That(Ids(sample.Train).Concat(Ids(sample.Dev)), Is.Unique);
        Assert.That(sample.Warnings, Is.Empty);
    }

    [Test]
    public void Draw_SameSeed_IsTheSameToTheOrder()
    {
        FewShotSample first = FewShotSampler.Draw(Pool(20, 30, 25), Classes, 8, 5, seed: 7);
        FewShotSample second = FewShotSampler.Draw(Pool(20, 30, 25), Classes, 8, 5, seed: 7);

        Assert.That(Ids(second.Train), Is.EqualTo(Ids(first.Train)));
        Assert.That(Ids(second.Dev), Is.EqualTo(Ids(first.Dev)));
    }

    [TestCase(2)]
    [TestCase(-7)]
    public void Draw_OtherSeed_IsAnotherSample(int seed)
    {
        string[] first = Ids(FewShotSampler.Draw(Pool(20, 30, 25), Classes, 8, 0, seed: 7).Train);
        string[] second = Ids(FewShotSampler.Draw(Pool(20, 30, 25), Classes, 8, 0, seed).Train);

        Assert.That(second, Is.Not.EquivalentTo(first));
    }

    [Test]
    public void Draw_FewerShots_AreAmongMoreAndDevStays()
    {
        FewShotSample four = FewShotSampler.Draw(Pool(20, 30, 25), Classes, shots: 4, devShots: 5, seed: 3);
        FewShotSample twelve = FewShotSampler.Draw(Pool(20, 30, 25), Classes, shots: 12, devShots: 5, seed: 3);

        Assert.That(Ids(four.Train), Is.SubsetOf(Ids(twelve.Train)));
        Assert.That(Ids(four.Dev), Is.EqualTo(Ids(twelve.Dev)));
    }

    [Test]
    public void Draw_UnionOfClasses_IsShuffled()
    {
        int?[] labels = [.. FewShotSampler.Draw(Pool(20, 20, 20), Classes, shots: 16, devShots: 0, seed: 1).Train.Select(e => e.Label)];

        Assert.That(labels, Is.Not.Ordered);
    }

    [Test]
    public void Draw_ClassTooSmall_TrainComesFirstAndTheClassIsNamed()
    {
        FewShotSample sample = FewShotSampler.Draw(Pool(20, 6, 2), Classes, shots: 4, devShots: 4, seed: 1);

        Assert.That(CountByClass(sample.Train), Is.EqualTo(new[] { 4, 4, 2 }));
        Assert.That(CountByClass(sample.Dev), Is.EqualTo(new[] { 4, 2, 0 }));
        Assert.That(sample.Warnings, Is.EqualTo(new[]
        {
            "Class 'green' has too few training examples (6): 4 went to train, which should have 4, and 2 to dev, which should have 4.",
            "Class 'blue' has too few training examples (2): 2 went to train, which should have 4, and 0 to dev, which should have 4.",
        }));
    }

    [Test]
    public void Draw_AllForTraining_LeavesDevItsShare()
    {
        FewShotSample sample = FewShotSampler.Draw(Pool(20, 6, 3), Classes, shots: 0, devShots: 4, seed: 1);

        Assert.That(CountByClass(sample.Train), Is.EqualTo(new[] { 16, 3, 2 }));
        Assert.That(CountByClass(sample.Dev), Is.EqualTo(new[] { 4, 3, 1 }));
        Assert.That(sample.Warnings, Has.Count.EqualTo(2));
    }

    [Test]
    public void Draw_NothingAsked_IsThePoolAsItIs()
    {
        List<Example> pool = Pool(3, 2, 1);

        Assert.That(FewShotSampler.Draw(pool, Classes, 0, 0, seed: 1).Train, Is.SameAs(pool));
    }

    [Test]
    public void Draw_NoLabel_NamesTheExample()
    {
        Example[] pool = [new() { Id = "train-9", Fields = new Dictionary<string, string>() }];

        Assert.That(() => FewShotSampler.Draw(pool, Classes, 1, 0, seed: 1), Throws.ArgumentException.With.Message.StartsWith(
            "Example 'train-9' must have a label from 0 to 2 to be sampled by class, but has none."));
    }

    [Test]
    public void Draw_KnownSeed_TakesTheSameOnEveryPlatform()
    {
        // Recomputed by splitmix.py beside this file, which has its own generator, shuffle and seeding.
        FewShotSample sample = FewShotSampler.Draw(Pool(5, 6, 7), Classes, shots: 2, devShots: 1, seed: 42);

        Assert.That(Ids(sample.Train), Is.EqualTo(new[] { "1-1", "0-4", "1-5", "2-1", "0-2", "2-3" }));
        Assert.That(Ids(sample.Dev), Is.EqualTo(new[] { "0-1", "1-3", "2-5" }));
    }

    private static List<Example> Pool(params int[] sizes) => [.. sizes.SelectMany((n, label) => Enumerable.Range(0, n).Select(i => new Example
    {
        Id = $"{label}-{i}", Fields = new Dictionary<string, string>(), Label = label,
    }))];

    private static string[] Ids(IEnumerable<Example> examples) => [.. examples.Select(e => e.Id)];

    private static int[] CountByClass(IReadOnlyList<Example> examples) => [.. Enumerable.Range(0, 3).Select(c => examples.Count(e => e.Label == c))];
}
