using System.Collections.ObjectModel;
using DeltaTune.Batches;

namespace DeltaTune.Tasks;

/// <summary>One example of a task, before any template or tokenizer has seen it.</summary>
public sealed record Example
{
    /// <summary>Gets what tells this example from every other one of its task: <c>train-17</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the texts by field name, as a template asks for them: <c>text_a</c>. Has every name of
    /// <see cref="ITask.FieldNames"/>.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>Gets the index of the class in <see cref="ITask.Classes"/>, or the number of the node that is the answer; null where it is not known.</summary>
    public int? Label { get; init; }

    /// <summary>Gets the labels of a task with several outputs, or with numbers, one an output; NaN where it is not known. Empty in a task of classes.</summary>
    public IReadOnlyList<float> Values { get; init; } = [];

    /// <summary>Gets the texts to be generated, one for each mask of the template; empty where the task is to choose a class, or where a text is to be found.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Gets the name that a composition of deltas routes the example by; null where it is not routed, or goes through none.</summary>
    public string? Delta { get; init; }

    /// <summary>Gets the name of the group that the example belongs to, for a verbalizer that is trained on groups; null where it belongs to none.</summary>
    public string? Group { get; init; }

    /// <summary>Gets whatever else the task tells about the example; empty by default. Templates may ask for it by name.</summary>
    public IReadOnlyDictionary<string, string> Meta { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Gets the example's graph, in a task about graphs; null in one about text.</summary>
    public Graph? Graph { get; init; }

    /// <summary>Gets the node of <see cref="Graph"/> that the example asks about; null where it asks about the whole graph.</summary>
    public int? ReadNode { get; init; }

    /// <summary>Gets the relation that the example asks about, a place in <see cref="ITask.RelationNames"/>: to which node does <see cref="ReadNode"/> have it? Null where it asks about none.</summary>
    public int? ReadRelation { get; init; }

    /// <summary>Gets the nodes that are right answers too, which a filtered ranking leaves out; the label may be among them. Empty where there are none.</summary>
    public IReadOnlyList<int> Known { get; init; } = [];

    /// <summary>Gets the numbers of the edges of <see cref="Graph"/> that give the answer away; a batch that is trained on leaves them out. Empty where there are none.</summary>
    public IReadOnlyList<int> HiddenEdges { get; init; } = [];
}
