using System.Text;

namespace DeltaTune.Tools.WordNet;

/// <summary>Takes a gloss apart: <c>definition; "example"; "example"</c>.</summary>
internal static class Gloss
{
    /// <summary>Splits a gloss into its definition and the quoted examples after it.</summary>
    public static (string Definition, string[] Examples) Split(string gloss)
    {
        string text = OneBlank(gloss);
        int cut = ExamplesStart(text);
        if (cut < 0) { return (Tidy(text), []); }

        // After the cut every other piece between quotation marks is an example; the pieces between them are separators and,
        // seldom, the name of the author quoted, which is no sentence and is left out.
        string[] pieces = text[cut..].Split('"');
        string[] examples = [.. pieces.Where((_, i) => i % 2 == 1).Select(Tidy).Where(e => e.Length > 0)];
        return (Tidy(text[..cut]), examples);
    }

    // The first quotation mark that opens an example: outside parentheses and after ; : or a comma. A quoted word inside the
    // definition (in the phrase "make strides") follows a word or stands in parentheses. -1 where there is no example.
    private static int ExamplesStart(string text)
    {
        int depth = 0;
        char before = ' ';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            depth += c switch { '(' => 1, ')' when depth > 0 => -1, _ => 0 };
            if (c == '"' && depth == 0 && (before is ';' or ':' or ',')) { return i; }
            if (c != ' ') { before = c; }
        }

        return -1;
    }

    private static string Tidy(string text) => text.Trim(' ', ';', ':', ',');

    private static string OneBlank(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (string word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (result.Length > 0) { result.Append(' '); }
            result.Append(word);
        }

        return result.ToString();
    }
}
