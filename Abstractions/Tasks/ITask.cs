namespace DeltaTune.Tasks;

/// <summary>Examples with splits, classes and the name of the metric that judges them.</summary>
/// <remarks>Implementers read nothing before the first <see cref="Read"/>: listing tasks costs no file access.</remarks>
public interface ITask
{
    /// <summary>Gets the name of the task in reports.</summary>
    string Name { get; }

    /// <summary>Gets what the examples are labelled with.</summary>
    /// <value>The default is <see cref="LabelKind.Class"/>. With outputs <see cref="Classes"/> names these, one score each; with nodes it is empty.</value>
    LabelKind Labels => LabelKind.Class;

    /// <summary>Gets the classes. The place in this list is the label of an example.</summary>
    /// <exception cref="InvalidRunException">The classes are kept in a file that is missing or wrong.</exception>
    IReadOnlyList<ClassInfo> Classes { get; }

    /// <summary>Gets the names of the nodes that are answers, in the order of their numbers.</summary>
    /// <value>The default is none, as for a task whose answers are no nodes, or have no names.</value>
    IReadOnlyList<string> NodeNames => [];

    /// <summary>Gets the names of the relations that examples ask about; the place in this list is <see cref="Example.ReadRelation"/>. A relation and its inverse are two.</summary>
    /// <value>The default is none, as for a task that asks about no relations.</value>
    IReadOnlyList<string> RelationNames => [];

    /// <summary>Gets the fields that every example has, in the order of the source: <c>text_a</c>, <c>text_b</c>.</summary>
    IReadOnlyList<string> FieldNames { get; }

    /// <summary>Gets the name of the metric that chooses checkpoints and is reported first; one of <see cref="MetricNames"/>.</summary>
    string Metric { get; }

    /// <summary>Gets what a user should know about the examples read so far, such as a class with fewer examples than shots. Whole
    /// sentences.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads one split, sampled as the task's options say. The same options give the same examples in the same order,
    /// everywhere.</summary>
    /// <param name="split">The split to read.</param>
    /// <returns>The examples; the caller may keep them.</returns>
    /// <exception cref="InvalidRunException">A file is missing or a line is wrong; the message names both and says what would be
    /// right.</exception>
    IReadOnlyList<Example> Read(Split split);

    /// <summary>Judges predicted classes by metrics of the task's own.</summary>
    /// <param name="predicted">The predicted classes, <c>[examples]</c>.</param>
    /// <param name="actual">The true classes, <c>[examples]</c>.</param>
    /// <returns>All metrics that the task is reported with by name, <see cref="Metric"/> among them; null, the default, where it has none beside those of any task.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there is no example.</exception>
    IReadOnlyDictionary<string, double>? Judge(IReadOnlyList<int> predicted, IReadOnlyList<int> actual) => null;
}
