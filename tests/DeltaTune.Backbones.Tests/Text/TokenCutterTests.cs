using DeltaTune.Backbones.Text;

namespace DeltaTune.Backbones.Tests.Text;

/// <summary>The three ways of cutting, by hand.</summary>
[TestFixture]
public sealed class TokenCutterTests
{
    // Three pieces: 1 2 3 4, then 5 6 which may not be cut, then 7 8 9.
    [TestCase(Truncation.Tail, false, 2, "1 2 3 4|5 6|7")]
    [TestCase(Truncation.Tail, false, 5, "1 2|5 6|")]
    [TestCase(Truncation.Head, false, 2, "3 4|5 6|7 8 9")]
    [TestCase(Truncation.Head, false, 5, "|5 6|8 9")]
    [TestCase(Truncation.Head, true, 2, "1 2|5 6|7 8 9")]
    [TestCase(Truncation.Head, true, 5, "|5 6|7 8")]
    [TestCase(Truncation.Balanced, false, 1, "1 2 3|5 6|7 8 9")]
    [TestCase(Truncation.Balanced, false, 2, "1 2|5 6|7 8 9")] // 2 · 4/7 = 1.14, rounded up
    [TestCase(Truncation.Balanced, false, 3, "1 2|5 6|7 8")]
    [TestCase(Truncation.Balanced, false, 7, "|5 6|")]
    [TestCase(Truncation.Tail, false, 9, "|5 6|")]
    [TestCase(Truncation.Balanced, false, 9, "|5 6|")]
    public void Cut_ThreePieces_LeavesWhatTheRuleSays(Truncation truncation, bool openPromptHead, int excess, string expected)
    {
        IReadOnlyList<int>[] pieces = [[1, 2, 3, 4], [5, 6], [7, 8, 9]];

        int cut = TokenCutter.Cut(pieces, [true, false, true], excess, new EncodingOptions { Truncation = truncation, OpenPromptHead = openPromptHead });

        Assert.That(string.Join('|', pieces.Select(piece => string.Join(' ', piece))), Is.EqualTo(expected));
        Assert.That(cut, Is.EqualTo(Math.Min(excess, 7)));
    }

    [Test]
    public void Cut_EmptyPieces_AreSkipped([Values] Truncation truncation)
    {
        IReadOnlyList<int>[] pieces = [[], [1, 2], []];

        int cut = TokenCutter.Cut(pieces, [true, true, true], 1, new EncodingOptions { Truncation = truncation });

        Assert.That(cut, Is.EqualTo(1));
        Assert.That(pieces[1], Has.Count.EqualTo(1));
    }
}
