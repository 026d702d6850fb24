namespace DeltaTune.Tasks;

/// <summary>What the examples of a task are labelled with.</summary>
public enum LabelKind
{
    /// <summary>One class of several: <see cref="Example.Label"/>.</summary>
    Class,

    /// <summary>Yes or no for each of several outputs: <see cref="Example.Values"/> of 0, 1 or NaN where it is not known.</summary>
    Binary,

    /// <summary>A number for each of several outputs: <see cref="Example.Values"/>, NaN where it is not known.</summary>
    Number,

    /// <summary>A node of the example's graph: <see cref="Example.Label"/> is its number, <see cref="Example.Known"/> has the others that are right too.</summary>
    Node,
}
