using DeltaTune.Host.Options;

namespace DeltaTune.Host.Tests.Options;

internal sealed class NearestNamesTests
{
    [TestCase("rnk", "nearest: 'rank'")]
    [TestCase("RANK", "nearest: 'rank'")]
    [TestCase("arnk", "nearest: 'rank'")]
    [TestCase("alhpa", "nearest: 'alpha'")]
    [TestCase("bottleneck", "there are: 'rank', 'alpha'")]
    public void Hint_MisspeltName_NamesTheNearest(string name, string expected)
        => Assert.That(NearestNames.Hint(name, ["rank", "alpha"]), Is.EqualTo(expected));
}
