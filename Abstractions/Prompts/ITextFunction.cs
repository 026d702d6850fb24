namespace DeltaTune.Prompts;

/// <summary>A named change of text, which a template may ask for by <c>post_processing</c>: templates hold names, never code.</summary>
/// <remarks>A plugin adds its own with <c>services.AddSingleton&lt;ITextFunction, ...&gt;()</c>. Called from several threads at once.</remarks>
public interface ITextFunction
{
    /// <summary>Gets the name in templates: lower case, such as <c>strip_final_punctuation</c>. Unique.</summary>
    string Name { get; }

    /// <summary>Changes a field's text, before the blank that the template puts before it.</summary>
    /// <param name="text">The text of the example.</param>
    /// <returns>The text that is tokenised.</returns>
    string Apply(string text);
}
