using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>Soft tokens among hard ones: rows of a trainable table replace the embeddings at soft positions.</summary>
internal sealed class SoftTokenEffect : Effect<ModelBatch, Embedded>
{
    [ComponentName(Name = "weight")] private Parameter _weight; // Z, [rows, hidden]

    /// <summary>Makes the table.</summary>
    /// <param name="table">Its first value, <c>[rows, hidden]</c>; taken over.</param>
    public SoftTokenEffect(Tensor table)
        : base(nameof(SoftTokenEffect))
    {
        _weight = new Parameter(table);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next) => SoftPositions.Replace(next(input), _weight, Strength);
}
