using System.Globalization;

namespace DeltaTune.Prompts.Templates;

/// <summary>The text functions that a template may name: those built in, and those that plugins registered.</summary>
internal sealed class TextFunctionSet
{
    private const string FinalPunctuation = " .,;:!?…。！？；，、";

    private static readonly NamedTextFunction[] BuiltIn =
    [
        new("lower", text => text.ToLowerInvariant()),
        new("upper", text => text.ToUpperInvariant()),
        new("capitalize", Capitalize),
        new("strip", text => text.Trim()),
        new("strip_punctuation", StripPunctuation),
        new("strip_final_punctuation", text => text.TrimEnd(FinalPunctuation.ToCharArray())),
        new("one_line", text => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
    ];

    private readonly Dictionary<string, ITextFunction> _byName = new(StringComparer.Ordinal);

    /// <summary>Gathers the functions.</summary>
    /// <param name="registered">Those of plugins.</param>
    /// <exception cref="InvalidOperationException">Two have one name.</exception>
    public TextFunctionSet(IEnumerable<ITextFunction> registered)
    {
        foreach (ITextFunction function in BuiltIn.Concat(registered))
        {
            if (!_byName.TryAdd(function.Name, function))
            {
                throw new InvalidOperationException($"the text function '{function.Name}' is there already, so {function.GetType().FullName} needs another name");
            }
        }
    }

    /// <summary>Gets the names, in order.</summary>
    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Looks a function up; null where there is none.</summary>
    public ITextFunction? Find(string name) => _byName.GetValueOrDefault(name);

    private static string Capitalize(string text)
        => text.Length == 0 ? text : char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];

    private static string StripPunctuation(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0 && Strippable(rest[0])) { rest = rest[1..]; }
        while (rest.Length > 0 && Strippable(rest[^1])) { rest = rest[..^1]; }
        return rest.Length == text.Length ? text : rest.ToString();
    }

    private static bool Strippable(char c) => char.IsPunctuation(c) || char.IsWhiteSpace(c);

    private sealed class NamedTextFunction(string name, Func<string, string> apply) : ITextFunction
    {
        public string Name { get; } = name;

        public string Apply(string text) => apply(text);
    }
}
