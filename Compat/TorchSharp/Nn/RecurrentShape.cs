namespace TorchSharp;

/// <summary>The sizes and settings of a recurrent network.</summary>
internal sealed record RecurrentShape(long Input, long Hidden, long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional);
