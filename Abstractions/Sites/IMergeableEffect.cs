using static TorchSharp.torch;

namespace DeltaTune.Sites;

/// <summary>An effect at a linear site that can be written into the site's weight.</summary>
public interface IMergeableEffect
{
    /// <summary>The weight and bias that alone do what the site does with this effect.</summary>
    /// <param name="weight"><c>[out, in]</c>, float32. Not changed and not disposed.</param>
    /// <param name="bias"><c>[out]</c> or null. Not changed and not disposed.</param>
    /// <returns>A fresh weight <c>[out, in]</c>, and a fresh bias or null where the bias stays as it is.</returns>
    (Tensor Weight, Tensor? Bias) Merge(Tensor weight, Tensor? bias);
}
