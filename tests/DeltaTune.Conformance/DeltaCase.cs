using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;

namespace DeltaTune.Conformance;

/// <summary>A delta on a backbone, with what its method promises.</summary>
public sealed record DeltaCase
{
    /// <summary>Makes the delta, fresh and detached.</summary>
    public required Func<Delta> Delta { get; init; }

    /// <summary>Makes the backbone: the same weights at every call.</summary>
    public required Func<Backbone> Backbone { get; init; }

    /// <summary>Makes a batch for the backbone: the same at every call.</summary>
    public required Func<ModelBatch> Batch { get; init; }

    /// <summary>Whether a fresh delta changes the outputs, as its method says.</summary>
    public bool FreshChangesOutputs { get; init; }

    /// <summary>Whether the method can be merged into weights.</summary>
    public bool Merges { get; init; }

    /// <summary>Whether the delta trains weights of the backbone itself, which switching it off does not undo.</summary>
    public bool TrainsBackbone { get; init; }

    /// <summary>How the delta is kept in files; null where that is tested elsewhere.</summary>
    public DeltaFormat? Format { get; init; }

    /// <summary>The learning rate of the ten steps, with Adam.</summary>
    public double LearningRate { get; init; } = 0.01;
}
