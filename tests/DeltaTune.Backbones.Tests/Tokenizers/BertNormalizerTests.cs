using System.Buffers;
using DeltaTune.Backbones.Tokenizers;

namespace DeltaTune.Backbones.Tests.Tokenizers;

/// <summary>The examples of google-research/bert, tokenization_test.py (BasicTokenizer), and its rules for blanks and control characters.</summary>
public sealed class BertNormalizerTests
{
    [TestCase(" \tHeLLo!how  \n Are yoU?  ", true, "hello ! how are you ?")]
    [TestCase("H\u00E9llo", true, "hello")]
    [TestCase(" \tHeLLo!how  \n Are yoU?  ", false, "HeLLo ! how Are yoU ?")]
    [TestCase("ah\u535A\u63A8zz", true, "ah \u535A \u63A8 zz")]
    [TestCase("a\u200Db\u0007c\uFFFDd", true, "abcd")] // format, control, replacement
    [TestCase("a\u00A0b\u2003c\u2028d", true, "a b c d")]
    [TestCase("$5-\u00A33\u2014x", true, "$ 5 - \u00A33 \u2014 x")] // ASCII symbols stand alone, others only when punctuation
    [TestCase("\U00020000x", true, "\U00020000 x")]
    public void Normalize_Text_GivesWords(string text, bool lower, string expected)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(1);

        string words = new BertNormalizer(lowerCase: lower, stripAccents: lower).Normalize(text, ref buffer).ToString();

        Assert.That(string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), Is.EqualTo(expected));
        ArrayPool<char>.Shared.Return(buffer);
    }
}
