using DeltaTune.Backbones;
using DeltaTune.Batches;

namespace DeltaTune.Host.Training;

/// <summary>What is known of the rows of a split, so that a pass need not begin at their inputs.</summary>
internal interface IKnownStates : IDisposable
{
    /// <summary>Gets the layer that the known states enter: the number of layers where nothing of the backbone runs any more.</summary>
    int Depth { get; }

    /// <summary>Gets how many rows are kept.</summary>
    int Rows { get; }

    /// <summary>Gets the memory of the states, in bytes.</summary>
    long Bytes { get; }

    /// <summary>Runs rows through the backbone, from the states that are known.</summary>
    /// <param name="rows">Of the split.</param>
    /// <returns>As <see cref="TuningModel.Forward(IReadOnlyList{EncodedInput})"/>.</returns>
    Hidden Forward(IReadOnlyList<int> rows);
}
