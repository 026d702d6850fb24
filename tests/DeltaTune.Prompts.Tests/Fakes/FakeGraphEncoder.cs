using DeltaTune.Backbones;
using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests;

internal sealed class FakeGraphEncoder : InputEncoder
{
    public override EncodedInput Encode(IReadOnlyList<PromptPiece> pieces, EncodingOptions options) => throw new NotSupportedException();

    public override ModelBatch Collate(IReadOnlyList<EncodedInput> rows, Device device) => throw new NotSupportedException();
}
