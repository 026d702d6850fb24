using System.Text.Json;
using DeltaTune.Backbones.Text;
using DeltaTune.Backbones.Tests.Transformers;
using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Prompts;
using DeltaTune.Text;

namespace DeltaTune.Backbones.Tests.Text;

/// <summary>Rows against what OpenPrompt 1.0.1 gives for the same wrapped examples.</summary>
[TestFixture]
public sealed class GoldenEncodingTests
{
    private static IEnumerable<string> Cases()
    {
        string? golden = SharedFiles.TryFind("golden");
        return golden is null ? ["openprompt-truncate-tail-bert"] : Directory.GetDirectories(golden, "openprompt-*").Select(folder => Path.GetFileName(folder)!)
            .Where(name => name.EndsWith("-bert", StringComparison.Ordinal) || name.EndsWith("-roberta", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    [TestCaseSource(nameof(Cases))]
    public void Encode_OpenPromptPieces_GivesItsRows(string name)
    {
        using Golden golden = Golden.Open(name);
        if (!golden.Has("wrapped") || !golden.Has("input_ids"))
        {
            Assert.Ignore("the case has no rows");
        }

        ITokenizer tokenizer = TokenizerLoader.Load(Path.Combine(Golden.FolderOf("tokenizers"), golden.Root.GetProperty("tokenizer").GetString()!));
        var encoder = new MaskedTextEncoder(tokenizer, name, limit: 64, padId: 0);
        var options = new EncodingOptions
        {
            MaxLength = golden.Root.GetProperty("max_seq_length").GetInt32(),
            Truncation = Enum.Parse<Truncation>(golden.Root.GetProperty("truncate_method").GetString()!, ignoreCase: true),
        };

        EncodedText[] rows = [.. golden.Root.GetProperty("wrapped").EnumerateArray().Select(row => (EncodedText)encoder.Encode([.. row.EnumerateArray().Select(p => Piece(p, tokenizer))], options))];

        int[][] ids = Rows(golden, "input_ids"), seen = Rows(golden, "attention_mask"), losses = Rows(golden, "loss_ids");
        int[][]? soft = golden.Has("soft_token_ids") ? Rows(golden, "soft_token_ids") : null;
        for (int i = 0; i < rows.Length; i++)
        {
            int length = seen[i].Sum();
            Assert.That(rows[i].InputIds, Is.EqualTo(ids[i][..length]));
            Assert.That(rows[i].MaskPositions, Is.EqualTo(Enumerable.Range(0, length).Where(c => losses[i][c] > 0)));
            if (soft is not null)
            {
                Assert.That(rows[i].SoftIds, Is.EqualTo(soft[i][..length]));
            }
        }

        if (golden.Has("num_truncated"))
        {
            Assert.That(rows.Count(row => row.Cut > 0), Is.EqualTo(golden.Root.GetProperty("num_truncated").GetInt32()));
        }
    }

    private static int[][] Rows(Golden golden, string key)
    {
        JsonElement value = golden.Root.GetProperty(key);
        int length = value.GetProperty("shape")[1].GetInt32();
        return [.. value.GetProperty("data").EnumerateArray().Select(v => v.GetInt32()).Chunk(length)];
    }

    private static PromptPiece Piece(JsonElement piece, ITokenizer tokenizer)
    {
        string text = piece.GetProperty("text").GetString()!;
        if (piece.TryGetProperty("soft_token_ids", out JsonElement soft) && soft.GetInt32() > 0)
        {
            return new SoftPiece([soft.GetInt32()], [tokenizer.Special.Pad!.Value]); // as OpenPrompt fills them
        }

        return text switch
        {
            "<mask>" => new MaskPiece(),
            ['<', .. var name, '>'] => new SpecialPiece(name),
            _ => new TextPiece(text, piece.GetProperty("shortenable_ids").GetInt32() > 0),
        };
    }
}
