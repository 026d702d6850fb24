using static TorchSharp.torch;

namespace DeltaTune.Backbones;

/// <summary>A request to a backbone's read-out.</summary>
/// <param name="Kind">What to read.</param>
/// <param name="VocabularyIds">The only words to score, int64 <c>[ids]</c>; null for the whole vocabulary.</param>
public sealed record ReadOut(ReadOutKind Kind, Tensor? VocabularyIds = null);
