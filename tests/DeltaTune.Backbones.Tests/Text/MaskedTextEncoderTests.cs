using DeltaTune.Backbones.Tests.Transformers;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Text;

/// <summary>Prompts to rows to batches.</summary>
[TestFixture]
public sealed class MaskedTextEncoderTests : IDisposable
{
    private static readonly EncodingOptions Eight = new() { MaxLength = 8 };
    private readonly TinyFolder _folder = new();
    private readonly Backbone _backbone;

    public MaskedTextEncoderTests() => _backbone = _folder.Load();

    public void Dispose()
    {
        _backbone.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Encode_EveryKindOfPiece_GivesIdsSoftRowsAndMasks()
    {
        var row = (EncodedText)_backbone.InputEncoder.Encode(
            [new SoftPiece([3, 1], [5, 0]), new TextPiece(" the team", true), new SpecialPiece("sep"), new MaskPiece(), new TextPiece(".", false)], new EncodingOptions());

        Assert.That(row.InputIds, Is.EqualTo(new[] { 2, 5, 0, 5, 6, 3, 4, 13, 3 }));
        Assert.That(row.SoftIds, Is.EqualTo(new[] { 0, 3, 1, 0, 0, 0, 0, 0, 0 }));
        Assert.That(row.MaskPositions, Is.EqualTo(new[] { 6 }));
        Assert.That(row.TokenTypeIds, Is.Empty);
        Assert.That(row.Cut, Is.Zero);
    }

    [Test]
    public void Encode_PromptTooLong_IsCutToTheLimit()
    {
        var row = (EncodedText)_backbone.InputEncoder.Encode([new TextPiece("the team won a game", true), new TextPiece("it was", false), new MaskPiece()], Eight);

        Assert.That(row.InputIds, Is.EqualTo(new[] { 2, 5, 6, 7, 10, 11, 4, 3 }));
        Assert.That(row.Cut, Is.EqualTo(2));
    }

    [Test]
    public void Encode_FixedPartsTooLong_SaysHowMuchRoomTheyNeed()
    {
        var thrown = Assert.Throws<InvalidRunException>(
            () => _backbone.InputEncoder.Encode([new TextPiece("the team", true), new TextPiece("it was a good game .", false), new MaskPiece()], Eight))!;

        Assert.That(thrown.Message, Is.EqualTo(
            "input.max_length must have room for every prompt, but is 8, and a prompt has 7 tokens that may not be cut and 2 special ones; 9 would do, or a shorter template"));
    }

    [Test]
    public void Encode_LongerThanTheBackboneReads_NamesItsLimit()
    {
        PromptPiece[] pieces = [new TextPiece(string.Join(' ', Enumerable.Repeat("game", 30)), false), new MaskPiece()];

        var thrown = Assert.Throws<InvalidRunException>(() => _backbone.InputEncoder.Encode(pieces, new EncodingOptions { MaxLength = 128 }))!;

        Assert.That(thrown.Message, Is.EqualTo(
            $"template must fit into the 24 tokens that '{_folder.Path}' can read, but a prompt has 31 tokens that may not be cut and 2 special ones"));
    }

    [Test]
    public void Encode_PiecesThatBertCannotRead_SaysWhatItCan()
    {
        var special = Assert.Throws<InvalidRunException>(() => _backbone.InputEncoder.Encode([new SpecialPiece("bos")], Eight))!;
        var graph = Assert.Throws<InvalidRunException>(() => _backbone.InputEncoder.Encode([new GraphPiece(null!)], Eight))!;

        Assert.That(special.Message, Is.EqualTo($"template must use special tokens that the tokenizer of '{_folder.Path}' has, cls, sep, pad, unk, mask, but uses 'bos'"));
        Assert.That(graph.Message, Is.EqualTo($"template must give text for '{_folder.Path}', a language model, but gives a GraphPiece"));
    }

    [Test]
    public void Collate_RowsOfSeveralLengths_PadsToTheLongest()
    {
        using DisposeScope scope = NewDisposeScope();
        EncodedInput[] rows =
        [
            new EncodedText { InputIds = [2, 4, 3], MaskPositions = [1] },
            new EncodedText { InputIds = [2, 5, 4, 4, 3], SoftIds = [0, 1, 0, 0, 0], MaskPositions = [2, 3] },
        ];

        var batch = (TextBatch)_backbone.InputEncoder.Collate(rows, CPU);

        Assert.That(batch.InputIds.shape, Is.EqualTo(new long[] { 2, 5 }));
        Assert.That(batch.InputIds.data<long>().ToArray(), Is.EqualTo(new long[] { 2, 4, 3, 0, 0, 2, 5, 4, 4, 3 }));
        Assert.That(batch.AttentionMask.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 1, 1, 0, 0, 1, 1, 1, 1, 1 }));
        Assert.That(batch.SoftIds!.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 }));
        Assert.That(batch.MaskPositions!.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 7, 8 }));
        Assert.That(batch.MasksPerRow, Is.Zero); // one, then two
        Assert.That(((TextBatch)_backbone.InputEncoder.Collate([rows[1], rows[1]], CPU)).MasksPerRow, Is.EqualTo(2));
        Assert.That(batch.TokenTypeIds, Is.Null);
    }

    [Test]
    public void Encode_FromManyThreads_GivesTheSameRows()
    {
        PromptPiece[][] prompts = [.. Enumerable.Range(0, 200).Select(i => new PromptPiece[] { new TextPiece(string.Join(' ', Enumerable.Repeat("played games", i % 5)), true), new MaskPiece() })];
        int[][] expected = [.. prompts.Select(p => ((EncodedText)_backbone.InputEncoder.Encode(p, Eight)).InputIds)];

        int[][] actual = [.. prompts.AsParallel().AsOrdered().Select(p => ((EncodedText)_backbone.InputEncoder.Encode(p, Eight)).InputIds)];

        Assert.That(actual, Is.EqualTo(expected));
    }
}
