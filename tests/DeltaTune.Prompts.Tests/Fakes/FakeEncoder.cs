using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Text;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests;

internal sealed class FakeEncoder(ITokenizer tokenizer) : TextInputEncoder
{
    public override ITokenizer Tokenizer { get; } = tokenizer;

    public override EncodedInput Encode(IReadOnlyList<PromptPiece> pieces, EncodingOptions options) => throw new NotSupportedException();

    public override ModelBatch Collate(IReadOnlyList<EncodedInput> rows, Device device) => throw new NotSupportedException();
}
