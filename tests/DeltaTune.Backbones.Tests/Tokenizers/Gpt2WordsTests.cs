using System.Text.RegularExpressions;
using DeltaTune.Backbones.Tokenizers;

namespace DeltaTune.Backbones.Tests.Tokenizers;

public sealed class Gpt2WordsTests
{
    [Test]
    public void EndOf_TextOfOneUnitCharacters_AgreesWithThePublishedPattern()
    {
        var pattern = new Regex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant);
        char[] alphabet = [.. "  \t\n'''strevmldSTaZ09.,_-\u00E9\u4F60\u0661\u00BD\u00A0\u2003\u2014\u0301"];
        var random = new Random(3);
        for (int round = 0; round < 2000; round++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => alphabet[random.Next(alphabet.Length)])]);

            Assert.That(Words(text), Is.EqualTo(pattern.Matches(text).Select(match => match.Value)), $"'{text}'");
        }
    }

    [Test]
    public void EndOf_LetterOutsideTheFirstPlane_IsALetter() =>
        Assert.That(Words("a\U0001D400b \U0001F600\U0001F601"), Is.EqualTo(new[] { "a\U0001D400b", " \U0001F600\U0001F601" }));

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (int start = 0; start < text.Length; start += words[^1].Length)
        {
            words.Add(text[start..Gpt2Words.EndOf(text, start)]);
        }

        return words;
    }
}
