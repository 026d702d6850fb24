using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>What all layers of one pass share, kept for the thread that runs it, since a sublayer is a map of one tensor.</summary>
/// <param name="Mask">Added to the attention scores, <c>[batch, 1, 1, keys]</c>; null where nothing is hidden.</param>
/// <param name="HiddenDropout">A probability; 0 outside training.</param>
/// <param name="AttentionDropout">A probability; 0 outside training.</param>
internal sealed record EncoderPass(Tensor? Mask, double HiddenDropout, double AttentionDropout)
{
    [ThreadStatic]
    private static EncoderPass? s_current;

    public static EncoderPass Current => s_current ?? throw new InvalidOperationException("a layer of the encoder was called outside a pass of its backbone");

    /// <summary>Makes a pass the thread's own and gives back the one before, for <see cref="Leave"/>.</summary>
    public static EncoderPass? Enter(EncoderPass pass)
    {
        EncoderPass? outer = s_current;
        s_current = pass;
        return outer;
    }

    public static void Leave(EncoderPass? outer) => s_current = outer;
}
