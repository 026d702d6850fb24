using System.Text.RegularExpressions;

namespace DeltaTune.Sites;

/// <summary>Reads the selector language; see <see cref="SiteSelector"/>. Every letter keeps its column, so that messages can name it.</summary>
internal sealed class SelectorParser(string text, string where)
{
    private const int MostAlternatives = 4096; // braces multiply; more than this is a slip, not a wish

    private readonly record struct Mark(char Letter, int Column);

    public IReadOnlyList<SelectorPattern> Parse()
    {
        var patterns = new List<SelectorPattern>();
        for (int at = 0; at < text.Length;)
        {
            if (IsSeparator(text[at]))
            {
                at++;
                continue;
            }

            int end = EndOfPattern(at);
            patterns.Add(ParsePattern(at, end));
            at = end;
        }

        if (patterns.Count == 0)
        {
            throw new InvalidRunException(where, "must name at least one site, such as 'attn.{q,v}' or 'all-linear', but is empty");
        }

        return patterns;
    }

    private static bool IsSeparator(char letter) => letter == ',' || char.IsWhiteSpace(letter);

    /// <summary>Where a pattern ends: the first separator outside brackets. A backslash, which only expressions have, hides the letter after it.</summary>
    private int EndOfPattern(int start)
    {
        bool expression = BodyAt(start, "re:");
        var open = new Stack<Mark>();
        for (int at = start; at < text.Length; at++)
        {
            char letter = text[at];
            if (letter == '\\' && expression)
            {
                at++;
            }
            else if (open.Count > 0 && open.Peek().Letter == '[')
            {
                if (letter == ']')
                {
                    open.Pop();
                }
                else if (!expression && (letter is '[' or '{' or '}'))
                {
                    throw Wrong($"'{letter}' stands inside a '['", at);
                }
            }
            else if (letter is '{' or '[' || (letter == '(' && expression))
            {
                open.Push(new Mark(letter, at));
            }
            else if (letter is '}' or ']' || (letter == ')' && expression))
            {
                char partner = letter switch { '}' => '{', ']' => '[', _ => '(' };
                if (open.Count == 0 || open.Pop().Letter != partner)
                {
                    throw Wrong($"'{letter}' closes no '{partner}'", at);
                }
            }
            else if (open.Count == 0 && IsSeparator(letter))
            {
                return at;
            }
        }

        return open.Count == 0 ? text.Length : throw Wrong($"'{open.Peek().Letter}' is not closed", open.Peek().Column);
    }

    private bool BodyAt(int start, string prefix)
        => string.CompareOrdinal(text, text[start] == '!' ? start + 1 : start, prefix, 0, prefix.Length) == 0;

    private SelectorPattern ParsePattern(int start, int end)
    {
        string written = text[start..end];
        bool excludes = written[0] == '!';
        int body = excludes ? start + 1 : start;
        if (body == end)
        {
            throw Wrong("'!' stands alone, without the pattern that it excludes", start);
        }

        switch (text[body..end])
        {
            case "all":
                return new SelectorPattern(written, excludes) { All = true };
            case "all-linear":
                return new SelectorPattern(written, excludes) { AllLinear = true };
            case string expression when expression.StartsWith("re:", StringComparison.Ordinal):
                return new SelectorPattern(written, excludes) { Expression = ParseExpression(expression[3..], body + 3) };
        }

        List<Mark[]> alternatives = Expand([.. Enumerable.Range(body, end - body).Select(i => new Mark(text[i], i))]);
        return new SelectorPattern(written, excludes) { Alternatives = [.. alternatives.Select(a => ParseSegments(a, body))] };
    }

    private Regex ParseExpression(string expression, int column)
    {
        try
        {
            // Linear time whatever the file says; expressions that would need backtracking are refused below.
            return new Regex($@"\A(?:{expression})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (RegexParseException broken)
        {
            throw Wrong($"the regular expression cannot be read ({broken.Error})", column + Math.Clamp(broken.Offset - 5, 0, expression.Length));
        }
        catch (NotSupportedException)
        {
            throw Wrong("the regular expression uses a look-around or a back reference, which a selector does not have", column);
        }
    }

    /// <summary>Writes the first pair of braces out, and what is left of them after that.</summary>
    private List<Mark[]> Expand(Mark[] marks)
    {
        int open = Array.FindIndex(marks, m => m.Letter == '{');
        if (open < 0)
        {
            return [marks];
        }

        var choices = new List<Mark[]>();
        int depth = 0, from = open + 1, close = open;
        bool bracket = false;
        for (; close < marks.Length; close++)
        {
            char letter = marks[close].Letter;
            bracket = letter == '[' || (bracket && letter != ']');
            depth += letter switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0 || (depth == 1 && letter == ',' && !bracket))
            {
                choices.Add([.. marks[from..close].Where(m => !char.IsWhiteSpace(m.Letter))]);
                from = close + 1;
            }

            if (depth == 0)
            {
                break;
            }
        }

        var expanded = new List<Mark[]>();
        foreach (Mark[] choice in choices)
        {
            expanded.AddRange(Expand([.. marks[..open], .. choice, .. marks[(close + 1)..]]));
            if (expanded.Count > MostAlternatives)
            {
                throw Wrong($"the braces stand for more than {MostAlternatives} patterns", marks[open].Column);
            }
        }

        return expanded;
    }

    private List<SelectorSegment> ParseSegments(Mark[] marks, int patternColumn)
    {
        var segments = new List<SelectorSegment>();
        int from = 0;
        for (int at = 0; at <= marks.Length; at++)
        {
            if (at < marks.Length && marks[at].Letter == '[')
            {
                at = Array.FindIndex(marks, at, m => m.Letter == ']'); // brackets are balanced; a dot cannot be in them
            }
            else if (at == marks.Length || marks[at].Letter == '.')
            {
                if (at == from)
                {
                    throw Wrong("a segment is empty", at < marks.Length ? marks[at].Column : marks.Length > 0 ? marks[^1].Column : patternColumn);
                }

                AddSegment(segments, marks[from..at]);
                from = at + 1;
            }
        }

        return segments;
    }

    private void AddSegment(List<SelectorSegment> segments, Mark[] marks)
    {
        int bracket = Array.FindIndex(marks, m => m.Letter == '[');
        Mark[] name = bracket < 0 ? marks : marks[..bracket];
        foreach (Mark mark in name)
        {
            if (mark.Letter is '(' or ')' or '^' or '$' or '+' or '?' or '|' or '\\' or '!')
            {
                throw Wrong($"'{mark.Letter}' is no part of a path; begin a regular expression with 're:'", mark.Column);
            }
        }

        if (name.Length > 0)
        {
            segments.Add(SelectorSegment.Glob(string.Concat(name.Select(m => m.Letter))));
        }

        if (bracket < 0)
        {
            return;
        }

        Mark[] inside = marks[(bracket + 1)..^1];
        if (marks[^1].Letter != ']' || inside.Any(m => m.Letter == ']'))
        {
            throw Wrong("a segment must end with its ']'", marks[Array.FindIndex(marks, m => m.Letter == ']') + 1].Column);
        }

        // layers[0-5] is the two segments `layers` and a number from 0 to 5.
        string ranges = string.Concat(inside.Select(m => m.Letter));
        if (!NumberRanges.TryParse(ranges, out NumberRanges? numbers, out int column, out string problem))
        {
            throw Wrong(problem, column < inside.Length ? inside[column].Column : marks[^1].Column);
        }

        segments.Add(SelectorSegment.Number(numbers!));
    }

    private InvalidRunException Wrong(string problem, int column)
        => new(where, $"'{text}' is no site selector: {problem} at column {column + 1}");
}
