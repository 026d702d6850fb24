using DeltaTune.Adapters.Formats;

namespace DeltaTune.Adapters.Tests.Formats;

[TestFixture]
public sealed class ModuleTargetsTests
{
    private static readonly string[] s_all =
        [.. Enumerable.Range(0, 12).SelectMany(n => new[] { "attention.self.query", "attention.self.key", "attention.output.dense", "intermediate.dense", "output.dense" }
            .Select(m => $"bert.encoder.layer.{n}.{m}")), "bert.pooler.dense"];

    [TestCase("self.query", "query")]
    [TestCase("self.query self.key", "query key")]
    [TestCase("attention.output.dense", "attention.output.dense")]
    [TestCase("layer.1.attention.self.query", "1.attention.self.query", Description = "not 11's")]
    [TestCase("intermediate.dense", "intermediate.dense")]
    public void For_Chosen_GivesTheShortestEndsThatHitThemAlone(string chosen, string expected)
    {
        string[] ends = chosen.Split(' ');
        string[] modules = [.. s_all.Where(path => ends.Any(end => ModuleTargets.EndsWith(path, end)))];

        IReadOnlyList<string> targets = ModuleTargets.For(modules, s_all);

        Assert.That(targets, Is.EqualTo(expected.Split(' ')));
        Assert.That(s_all.Where(path => targets.Any(t => ModuleTargets.EndsWith(path, t))), Is.EquivalentTo(modules));
    }
}
