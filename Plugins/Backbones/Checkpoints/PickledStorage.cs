using DeltaTune.Files;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A run of elements that a pickle refers to by a key; several tensors may be views of one.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Key">The key in the file.</param>
/// <param name="Elements">How many elements it has.</param>
internal sealed record PickledStorage(StoredType Type, string Key, long Elements);
