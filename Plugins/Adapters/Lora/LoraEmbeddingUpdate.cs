using DeltaTune.Adapters.Sites;
using DeltaTune.Batches;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Lora;

/// <summary>The LoRA update of token embeddings: a token w has E[w] + s·B·A[:, w].</summary>
/// <remarks>
/// Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", §4.1, https://arxiv.org/abs/2106.09685, for embeddings as in PEFT: A starts at
/// zero and B Gaussian with deviation 1. A vocabulary projection that reads the same table keeps reading the table alone. Positions of soft tokens are left
/// alone, and so are those that an effect underneath puts before the rows. Owns A and B, in float32.
/// </remarks>
internal sealed class LoraEmbeddingUpdate : TokenEffect
{
    [ComponentName(Name = "lora_embedding_A")]
    private readonly Parameter _a; // [rank, vocab]
    [ComponentName(Name = "lora_embedding_B")]
    private readonly Parameter _b; // [hidden, rank]

    /// <summary>Makes A and B for a table.</summary>
    /// <param name="words">How many tokens the table has.</param>
    /// <param name="hidden">The size of an embedding.</param>
    /// <param name="rank">The rank r.</param>
    /// <param name="scaling">s, no unit.</param>
    /// <param name="device">Where A and B go.</param>
    public LoraEmbeddingUpdate(long words, long hidden, int rank, double scaling, Device device)
        : base(nameof(LoraEmbeddingUpdate))
    {
        Scaling = scaling;
        using (no_grad())
        {
            _a = new Parameter(zeros([rank, words], dtype: ScalarType.Float32, device: device));
            _b = new Parameter(nn.init.normal_(empty([hidden, rank], dtype: ScalarType.Float32, device: device), 0, 1));
        }

        RegisterComponents();
    }

    /// <summary>Gets s.</summary>
    public double Scaling { get; }

    /// <inheritdoc/>
    public override long? OperationsPerPosition => 2 * _b.numel(); // a column of A is read, not computed

    /// <inheritdoc/>
    protected override Tensor Change(Tensor own, TextBatch text)
    {
        Tensor low = _a.index_select(1, text.InputIds.flatten()).t();                        // [batch·seq, rank]
        Tensor change = (low.mm(_b.t()) * (Scaling * Strength)).view(own.shape);
        change = text.SoftIds is null ? change : change * text.SoftIds.eq(0).unsqueeze(2);
        return own + (change.dtype == own.dtype ? change : change.to(own.dtype));
    }
}
