using DeltaTune.Prompts.Templates.Language;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Templates;

/// <summary>Gets a template's text from where the options say: themselves, a file, or the task's fields.</summary>
internal static class TemplateText
{
    /// <summary>Reads and parses the template.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="file">A file with a template a line, or null.</param>
    /// <param name="choice">Which line, from 0.</param>
    /// <param name="task">Gives the default: every field, then a mask, as OpenPrompt's prefix tuning has it.</param>
    /// <exception cref="InvalidRunException">The file or line is not there, or the text is no template.</exception>
    public static ParsedTemplate Read(string? text, string? file, int choice, ITask task)
    {
        if (text is not null) { return TemplateParser.Parse(text); }
        if (file is null)
        {
            return new ParsedTemplate(
                new TemplateSource("", "template.text"),
                [.. task.FieldNames.Select((field, i) => new PlaceholderNode(field, i == 0 ? "" : " ")), new MaskNode(" ")],
                new int[task.FieldNames.Count + 1]);
        }

        string[] lines;
        try
        {
            lines = [.. File.ReadLines(file).Select(line => line.TrimEnd('\r')).Where(line => line.Trim().Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRunException("template.file", $"must be a file with a template a line, but '{file}' cannot be read: {e.Message}", e);
        }

        return choice < lines.Length
            ? TemplateParser.Parse(lines[choice], $"{file} template {choice}")
            : throw new InvalidRunException("template.choice", $"must be from 0 to {lines.Length - 1}, the last template of '{file}', but is {choice}");
    }
}
