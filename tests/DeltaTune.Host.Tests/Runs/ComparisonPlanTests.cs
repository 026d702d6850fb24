using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Tests.Runs;

internal sealed class ComparisonPlanTests
{
    private static readonly ComparisonPlan s_plan = new(
        [.. from set in new[] { "bace", "esol" } from network in new[] { "gin", "gat" } from method in new[] { "full", "lora" } select new PlannedRow([set, network, method], [])]);

    [TestCase("bace", "bace · gin · full|bace · gin · lora|bace · gat · full|bace · gat · lora")]
    [TestCase("esol, gat", "esol · gat · full|esol · gat · lora")]
    [TestCase("bace,esol,gin,lora", "bace · gin · lora|esol · gin · lora")]
    [TestCase("esol · gat · lora,bace · gin · full", "bace · gin · full|esol · gat · lora")]
    public void Only_NamesOfPlaces_KeepsOneOfEachPlace(string names, string expected)
        => Assert.That(s_plan.Only(names).Rows.Select(r => r.Name), Is.EqualTo(expected.Split('|')));

    [TestCase("bace,gim", "--only must name rows, or what their names are made of, but has 'gim'; nearest: 'gin'")]
    [TestCase(" , ", "--only must name one or more rows, such as lora,adapter, but names none")]
    public void Only_WhatIsNotThere_IsRefused(string names, string message)
        => Assert.That(Assert.Throws<InvalidRunException>(() => s_plan.Only(names))!.Message, Is.EqualTo(message));

    [Test]
    public void References_OfAVariant_AreThoseOfTheSameNames()
    {
        IReadOnlyDictionary<string, string> references = s_plan.References("full", "--reference");

        Assert.That(references, Has.Count.EqualTo(4));
        Assert.That(references["esol · gat · lora"], Is.EqualTo("esol · gat · full"));
    }

    [Test]
    public void References_OfARow_AreThatRow()
    {
        IReadOnlyDictionary<string, string> references = s_plan.References("bace · gin · full", "--reference");

        Assert.That(references.Values.Distinct(), Is.EqualTo(new[] { "bace · gin · full" }));
        Assert.That(references, Has.Count.EqualTo(7));
    }
}
