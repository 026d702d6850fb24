using DeltaTune.Batches;
using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>Effects that scale what a site gives, for every kind of site.</summary>
internal static class ScaledEffects
{
    public static Effect For(Site site, double factor) => site switch
    {
        AttentionSite => new AttentionScale(factor),
        EmbeddingSite => new EmbeddingScale(factor),
        _ => new MapScale(factor),
    };

    private sealed class MapScale(double factor) : Effect<Tensor, Tensor>(nameof(MapScale)), IRowwiseEffect
    {
        // Past the first feature alone: a norm would take a factor on all of them out again.
        public override Tensor Apply(Tensor input, Func<Tensor, Tensor> next)
        {
            Tensor output = next(input);
            return factor is 1.0 ? output.alias() : cat([output.narrow(-1, 0, 1) * factor, output.narrow(-1, 1, output.size(-1) - 1)], -1);
        }
    }

    private sealed class AttentionScale(double factor) : Effect<AttentionInput, Tensor>(nameof(AttentionScale)), IRowwiseEffect
    {
        public override Tensor Apply(AttentionInput input, Func<AttentionInput, Tensor> next) => next(input) * factor;
    }

    private sealed class EmbeddingScale(double factor) : Effect<ModelBatch, Embedded>(nameof(EmbeddingScale))
    {
        public override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next)
        {
            Embedded embedded = next(input);
            return embedded with { Inputs = cat([embedded.Inputs.narrow(-1, 0, 1) * factor, embedded.Inputs.narrow(-1, 1, embedded.Inputs.size(-1) - 1)], -1) };
        }
    }
}
