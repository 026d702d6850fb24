using static TorchSharp.torch;

namespace DeltaTune.Pretraining;

/// <summary>Where and on what to pretrain.</summary>
/// <param name="Folder">The folder to write: the model's files, checkpoints and the log.</param>
/// <param name="Device">What to train on.</param>
/// <param name="Seed">Where all chance comes from.</param>
public sealed record PretrainingJob(string Folder, Device Device, long Seed);
