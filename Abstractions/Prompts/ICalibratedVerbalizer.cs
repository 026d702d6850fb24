using DeltaTune.Batches;

namespace DeltaTune.Prompts;

/// <summary>A verbalizer that can take the prompt's own bias out of its scores.</summary>
public interface ICalibratedVerbalizer
{
    /// <summary>Learns the bias from a support set: the mean vocabulary scores at the mask (OpenPrompt's <c>calibrate</c>).</summary>
    /// <param name="support">Batches without labels; never of dev or test. Each is disposed by the caller after the enumerator moves on.</param>
    void Calibrate(IEnumerable<Hidden> support);
}
