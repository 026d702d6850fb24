namespace DeltaTune.Backbones.Checkpoints;

/// <summary>An allowed name of a pickle, as a value.</summary>
/// <param name="Name">Module and name with a dot between them.</param>
internal sealed record PickleGlobal(string Name);
