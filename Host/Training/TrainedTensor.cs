using DeltaTune.Host.Options;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>One tensor that a run trains.</summary>
/// <param name="Component">Whose it is, in words: <c>delta 'default'</c>, <c>template</c>, <c>verbalizer</c>.</param>
/// <param name="Name">Its name there: <c>layers.3.attn.q.lora_A.weight</c>.</param>
/// <param name="Value">The tensor itself: a leaf that requires a gradient.</param>
internal sealed record TrainedTensor(string Component, string Name, Tensor Value)
{
    /// <summary>Gets the name that <c>training.learning_rates</c> and <c>training.weight_decays</c> know its component by.</summary>
    public string PartName { get; init; } = "";

    /// <summary>Gets the multiple of the training's learning rate that it learns at. No unit.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>Gets the weight decay of its own; null where it decays as the training says.</summary>
    public double? Decay { get; init; }

    /// <summary>The tensor with the rate and the decay that its part is given.</summary>
    /// <param name="options">How the run trains.</param>
    public TrainedTensor Under(TrainingOptions options) => this with
    {
        Rate = options.LearningRates.TryGetValue(PartName, out double rate) ? Rate * rate / options.LearningRate : Rate,
        Decay = options.WeightDecays.TryGetValue(PartName, out double decay) ? decay : null,
    };

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' of {Component}";
}
