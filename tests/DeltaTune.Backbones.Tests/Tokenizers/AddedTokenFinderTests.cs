using DeltaTune.Backbones.Tokenizers;

namespace DeltaTune.Backbones.Tests.Tokenizers;

public sealed class AddedTokenFinderTests
{
    [Test]
    public void Find_TwoTokensFromOnePlace_TakesTheLonger()
    {
        var finder = new AddedTokenFinder([new AddedToken("<a>", 1, true), new AddedToken("<a>b", 2, true)]);

        AddedToken? found = finder.Find("x <a>b", 0, out int from, out int to);

        Assert.That((found!.Id, from, to), Is.EqualTo((2, 2, 6)));
    }

    [Test]
    public void Find_TokenThatTakesBlanks_StopsAtTheStart()
    {
        var finder = new AddedTokenFinder([new AddedToken("<m>", 1, true, LeftStrip: true, RightStrip: true)]);

        finder.Find("ab   <m>  c", 3, out int from, out int to);

        Assert.That((from, to), Is.EqualTo((3, 10)));
    }

    [TestCase("cats", false)]
    [TestCase("a cat.", true)]
    [TestCase("CAT", true)]
    public void Find_SingleWordInAnyCase_NeedsBorders(string text, bool found)
    {
        var finder = new AddedTokenFinder([new AddedToken("cat", 1, false, SingleWord: true, IgnoreCase: true)]);

        Assert.That(finder.Find(text, 0, out _, out _) is not null, Is.EqualTo(found));
    }
}
