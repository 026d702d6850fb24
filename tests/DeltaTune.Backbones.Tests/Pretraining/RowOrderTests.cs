using DeltaTune.Backbones.Pretraining;

namespace DeltaTune.Backbones.Tests.Pretraining;

/// <summary>In which order rows are trained on.</summary>
[TestFixture]
public sealed class RowOrderTests
{
    [Test]
    public void This_OneEpoch_HasEveryRowAsOftenAsItsFileWeighs()
    {
        var order = new RowOrder([40, 20], [1, 2.5], heldOut: 6, seed: 3);

        int[] epoch = [.. Enumerable.Range(0, (int)order.EpochRows).Select(place => order[place])];

        Assert.That(order.HeldOut, Has.Count.EqualTo(6).And.Unique);
        Assert.That(epoch.Intersect(order.HeldOut), Is.Empty);
        int[] first = [.. Enumerable.Range(0, 40).Except(order.HeldOut)], second = [.. Enumerable.Range(40, 20).Except(order.HeldOut)];
        Assert.That(epoch.Where(row => row < 40), Is.EquivalentTo(first));
        Assert.That(second.Select(row => epoch.Count(other => other == row)), Is.All.InRange(2, 3));
        Assert.That(epoch, Has.Length.EqualTo(first.Length + (int)Math.Round(2.5 * second.Length)));
    }

    [Test]
    public void This_AnyPlace_DependsOnTheSeedAlone()
    {
        var order = new RowOrder([30, 30], [1, 1], heldOut: 0, seed: 3);
        int[] straight = [.. Enumerable.Range(0, 180).Select(place => order[place])];

        var resumed = new RowOrder([30, 30], [1, 1], heldOut: 0, seed: 3);
        int[] later = [.. Enumerable.Range(100, 80).Select(place => resumed[place])];
        var other = new RowOrder([30, 30], [1, 1], heldOut: 0, seed: 4);

        Assert.That(later, Is.EqualTo(straight[100..]));
        Assert.That(straight[..60], Is.Not.EqualTo(straight[60..120])); // another order in each epoch
        Assert.That(Enumerable.Range(0, 60).Select(place => other[place]), Is.Not.EqualTo(straight[..60]));
    }
}
