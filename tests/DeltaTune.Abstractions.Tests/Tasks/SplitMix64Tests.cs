using DeltaTune.Tasks;

namespace DeltaTune.Abstractions.Tests.Tasks;

internal sealed class SplitMix64Tests
{
    [Test]
    public void Next_PublishedSeed_GivesThePublishedNumbers()
    {
        var random = new SplitMix64(1234567); // the vector that implementations of splitmix64.c are commonly checked with

        ulong[] actual = [.. Enumerable.Range(0, 5).Select(_ => random.Next())];

        Assert.That(actual, Is.EqualTo(new[]
        {
            6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL,
        }));
    }

    [Test]
    public void NextBound_ManyDraws_ReachEveryValueAboutEquallyOften()
    {
        var random = new SplitMix64(1);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) { counts[random.Next(7)]++; }

        Assert.That(counts, Is.All.InRange(9_600, 10_400)); // 10,000 ± 4.3 standard deviations of 93
    }

    [Test]
    public void Shuffle_AnyList_KeepsItsItems()
    {
        List<int> list = [.. Enumerable.Range(0, 50)];

        new SplitMix64(9).Shuffle(list);

        Assert.That(list, Is.EquivalentTo(Enumerable.Range(0, 50)).And.Not.EqualTo(Enumerable.Range(0, 50)));
    }
}
