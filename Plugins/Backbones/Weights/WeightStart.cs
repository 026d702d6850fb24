namespace DeltaTune.Backbones.Weights;

/// <summary>What a tensor of an untrained network holds.</summary>
internal enum WeightStart
{
    /// <summary>Gaussian noise (BERT: standard deviation 0.02).</summary>
    Noise,

    /// <summary>All 0, as biases.</summary>
    Zero,

    /// <summary>All 1, as the gains of norms.</summary>
    One,
}
