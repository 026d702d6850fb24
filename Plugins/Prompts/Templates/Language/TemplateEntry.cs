namespace DeltaTune.Prompts.Templates.Language;

/// <summary>One <c>"key": value</c> between braces.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="KeyStart">Where it starts in the template, from 0.</param>
/// <param name="Value">A <see cref="string"/>, <see cref="int"/>, <see cref="bool"/>, or null for <c>None</c> and for a key alone.</param>
/// <param name="ValueStart">Where the value starts.</param>
internal readonly record struct TemplateEntry(string Key, int KeyStart, object? Value, int ValueStart);
