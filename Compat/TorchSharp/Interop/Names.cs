namespace TorchSharp.Interop;

/// <summary>The words by which libtorch's schemas name a choice.</summary>
internal static class Names
{
    internal static string? Of(torch.RoundingMode mode) => mode switch
    {
        torch.RoundingMode.trunc => "trunc",
        torch.RoundingMode.floor => "floor",
        _ => null,
    };

    internal static string Of(FFTNormType norm) => norm switch
    {
        FFTNormType.Forward => "forward",
        FFTNormType.Ortho => "ortho",
        _ => "backward",
    };
}
