namespace DeltaTune.Prompts.Templates.Language;

/// <summary>A template as a list of pieces. Two are equal where their pieces are; printing one gives a text that parses to an equal one.</summary>
internal sealed class ParsedTemplate(TemplateSource source, IReadOnlyList<TemplateNode> nodes, IReadOnlyList<int> starts) : IEquatable<ParsedTemplate>
{
    /// <summary>Gets the pieces, in order; at least one.</summary>
    public IReadOnlyList<TemplateNode> Nodes { get; } = nodes;

    /// <summary>Gets how many positions are predicted at.</summary>
    public int Masks { get; } = nodes.Count(n => n is MaskNode);

    /// <summary>A mistake that only shows when the template meets a task or backbone.</summary>
    /// <param name="node">The place of the piece in <see cref="Nodes"/>.</param>
    /// <param name="problem">The rule, what was seen, what would be right.</param>
    public InvalidRunException Mistake(int node, string problem) => source.Mistake(starts[node], problem);

    /// <inheritdoc/>
    public bool Equals(ParsedTemplate? other) => other is not null && Nodes.SequenceEqual(other.Nodes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParsedTemplate);

    /// <inheritdoc/>
    public override int GetHashCode() => Nodes.Aggregate(Nodes.Count, HashCode.Combine);

    /// <summary>Prints the template in the language that it was read from.</summary>
    public override string ToString() => TemplatePrinter.Print(Nodes);
}
