using System.Globalization;

namespace DeltaTune.Prompts.Templates.Language;

/// <summary>Reads OpenPrompt's template language: literal text and pieces in braces, <c>{"placeholder": "text_a"} it was {"mask"}</c>.</summary>
/// <remarks>
/// Source: Ding et al. 2022, "OpenPrompt: An Open-source Framework for Prompt-learning", §4.2, https://arxiv.org/abs/2111.01998.
/// A blank before a piece is the piece's prefix; several count as one; blanks at the end of a literal belong to the next piece.
/// Differs from the original: it evaluates the braces as Python; here they are parsed, nothing is run, and mistakes have a column. A '}' outside
/// of braces is a mistake; <c>{"text": "}"}</c> writes one.
/// </remarks>
internal sealed class TemplateParser
{
    private readonly TemplateSource _source;

    private TemplateParser(TemplateSource source) => _source = source;

    /// <summary>Parses a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="path">Where it stands, for messages.</param>
    /// <exception cref="InvalidRunException">The text is no template; the message has the column and a caret.</exception>
    public static ParsedTemplate Parse(string text, string path = "template.text")
    {
        var source = new TemplateSource(text, path);
        return new TemplateParser(source).Parse();
    }

    private ParsedTemplate Parse()
    {
        string text = _source.Text;
        List<TemplateNode> nodes = [];
        List<int> starts = [];
        for (int i = 0; i < text.Length;)
        {
            bool blank = i > 0 && text[i - 1] == ' ';
            for (; i < text.Length && text[i] == ' '; i++) { blank = true; }
            if (i == text.Length) { break; }
            string prefix = blank ? " " : "";
            starts.Add(i);
            if (text[i] == '{')
            {
                (List<TemplateEntry> entries, int end) = Entries(i);
                nodes.Add(new TemplateNodeReader(_source, i, prefix, entries).Read());
                i = end;
                continue;
            }

            int next = text.AsSpan(i).IndexOfAny('{', '}');
            next = next < 0 ? text.Length : i + next;
            if (next < text.Length && text[next] == '}')
            {
                throw _source.Mistake(next, "a '}' must close a '{', but none is open; {\"text\": \"}\"} writes one as text");
            }

            nodes.Add(new TextNode(text[i..next].TrimEnd(' '), prefix));
            i = next;
        }

        return nodes.Count > 0
            ? new ParsedTemplate(_source, nodes, starts)
            : throw _source.Mistake(0, "a template must have at least one piece, but is empty; try {\"placeholder\": \"text_a\"} it was {\"mask\"}");
    }

    private (List<TemplateEntry> Entries, int End) Entries(int open)
    {
        var lexer = new TemplateLexer(_source, open + 1);
        List<TemplateEntry> entries = [];
        TemplateToken token = lexer.Next();
        while (token.Kind != TemplateTokenKind.Close)
        {
            if (token.Kind != TemplateTokenKind.Text)
            {
                throw token.Kind == TemplateTokenKind.End
                    ? NotClosed(open)
                    : _source.Mistake(token.Start, $"a key in quotes must stand here, such as \"placeholder\" or \"mask\", but {token} does");
            }

            TemplateToken key = token;
            TemplateToken after = lexer.Next();
            object? value = null;
            int valueStart = key.Start;
            if (after.Kind == TemplateTokenKind.Colon)
            {
                TemplateToken given = lexer.Next();
                (value, valueStart) = (given.Kind == TemplateTokenKind.End ? throw NotClosed(open) : Value(key.Value, given), given.Start);
                after = lexer.Next();
            }

            entries.Add(new TemplateEntry(key.Value, key.Start, value, valueStart));
            token = after.Kind switch
            {
                TemplateTokenKind.Close => after,
                TemplateTokenKind.Comma => lexer.Next(),
                TemplateTokenKind.End => throw NotClosed(open),
                _ => throw _source.Mistake(after.Start, $"after \"{key.Value}\" must come {(valueStart == key.Start ? "':', " : "")}',' or '}}', but {after} does"),
            };
        }

        return (entries, lexer.Position);
    }

    private object? Value(string key, TemplateToken token)
    {
        switch (token.Kind)
        {
            case TemplateTokenKind.Text:
                return token.Value;
            case TemplateTokenKind.Number when int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number):
                return number;
            case TemplateTokenKind.Number:
                throw _source.Mistake(token.Start, $"a number must be whole and have at most nine digits, but is {token.Value}");
            case TemplateTokenKind.Word when token.Value is "True" or "true":
                return true;
            case TemplateTokenKind.Word when token.Value is "False" or "false":
                return false;
            case TemplateTokenKind.Word when token.Value is "None" or "null":
                return null;
            default:
                string rule = key == "post_processing"
                    ? "the name of a text function in quotes must stand here, such as \"lower\" (templates hold no code)"
                    : "a value must be a text in quotes, a whole number, True, False or None";
                throw _source.Mistake(token.Start, $"{rule}, but {token} is there");
        }
    }

    private InvalidRunException NotClosed(int open) => _source.Mistake(open, "a '{' must be closed by a '}', but this one is not");
}
