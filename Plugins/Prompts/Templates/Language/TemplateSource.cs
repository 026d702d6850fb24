using System.Globalization;

namespace DeltaTune.Prompts.Templates.Language;

/// <summary>A template's text, and how to point at a place in it.</summary>
/// <param name="Text">The whole template.</param>
/// <param name="Path">Where it stands in the run file, for messages.</param>
internal sealed record TemplateSource(string Text, string Path)
{
    private const int Shown = 50; // characters on each side of the caret

    /// <summary>A mistake at a place: a sentence with the column, then the line with a caret under it.</summary>
    /// <param name="index">The place, from 0; the text's length for its end.</param>
    /// <param name="problem">The rule, what was seen, what would be right.</param>
    public InvalidRunException Mistake(int index, string problem)
    {
        int lineStart = index == 0 ? 0 : Text.LastIndexOf('\n', index - 1) + 1;
        int lineEnd = Text.IndexOf('\n', index);
        lineEnd = lineEnd < 0 ? Text.Length : lineEnd;
        int line = Text.AsSpan(0, lineStart).Count('\n') + 1;

        int start = Math.Max(lineStart, index - Shown), end = Math.Min(lineEnd, index + Shown);
        string before = start > lineStart ? "..." : "", after = end < lineEnd ? "..." : "";
        string shown = string.Create(CultureInfo.InvariantCulture, $"{before}{Text.AsSpan(start, end - start)}{after}").Replace('\t', ' ').Replace('\r', ' ');
        string caret = new string(' ', before.Length + index - start) + "^";
        string place = line == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"line {line}, ");
        return new InvalidRunException(Path, string.Create(CultureInfo.InvariantCulture, $"{place}column {index - lineStart + 1}: {problem}\n    {shown}\n    {caret}"));
    }
}
