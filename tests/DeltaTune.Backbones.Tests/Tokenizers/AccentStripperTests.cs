using DeltaTune.Backbones.Tokenizers;

namespace DeltaTune.Backbones.Tests.Tokenizers;

/// <summary>Expected texts follow from the canonical decompositions of the Unicode Character Database.</summary>
public sealed class AccentStripperTests
{
    [TestCase("plain", "plain")]
    [TestCase("\u00C0\u00E7\u00E9\u00F1\u00FC", "Acenu")]
    [TestCase("\u1EC7", "e")] // circumflex and dot below: two steps
    [TestCase("e\u0301", "e")]
    [TestCase("\u0130", "I")] // dotted capital I
    [TestCase("\u212B\u2126", "A\u03A9")] // angstrom and ohm signs
    [TestCase("\u00DF\u00F8", "\u00DF\u00F8")] // neither is a letter with a mark
    [TestCase("\uAC00\uAC01", "\u1100\u1161\u1100\u1161\u11A8")] // Hangul without and with a final consonant
    [TestCase("\uF900", "\u8C48")] // compatibility ideograph
    [TestCase("\u304C", "\u304B")] // kana with its voicing mark
    public void Strip_Text_LosesNonspacingMarks(string text, string expected) => Assert.That(AccentStripper.Strip(text), Is.EqualTo(expected));

    // An attribute's argument is stored as UTF-8, which has no lone surrogates.
    [Test]
    public void Strip_LoneSurrogate_BecomesReplacementCharacter() => Assert.That(AccentStripper.Strip([(char)0xD800, 'x']), Is.EqualTo("\uFFFDx"));
}
