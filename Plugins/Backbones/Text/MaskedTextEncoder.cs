using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using DeltaTune.Text;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Text;

/// <summary>Encodes prompts for masked language models: each piece is tokenised by itself, the row is cut, the family's special tokens go around it.</summary>
/// <remarks>Immutable, so it may be used from several threads at once.</remarks>
internal sealed class MaskedTextEncoder : TextInputEncoder
{
    private static readonly string[] SpecialRoles = ["cls", "sep", "pad", "bos", "eos", "unk", "mask"];
    private readonly string _source;
    private readonly int _limit, _padId, _specials, _before;

    /// <param name="tokenizer">The backbone's.</param>
    /// <param name="source">Names the backbone in messages.</param>
    /// <param name="limit">The longest row of the backbone, in tokens.</param>
    /// <param name="padId">Fills rows where the tokenizer has no token for it.</param>
    public MaskedTextEncoder(ITokenizer tokenizer, string source, int limit, int padId)
    {
        const int Inside = -1;
        (Tokenizer, _source, _limit, _padId) = (tokenizer, source, limit, tokenizer.Special.Pad ?? padId);
        int[] around = [.. tokenizer.WithSpecials([Inside])];
        _specials = around.Length - 1;
        _before = Array.IndexOf(around, Inside);
    }

    /// <inheritdoc/>
    public override ITokenizer Tokenizer { get; }

    /// <summary>Reads the tokenizer of a Hugging Face folder.</summary>
    /// <exception cref="InvalidRunException">It is missing or broken, or has more tokens than the network.</exception>
    public static MaskedTextEncoder Load(string folder, EncoderConfig config, EncoderFamily family)
    {
        ITokenizer tokenizer = BrokenFile.Guard(folder, () => TokenizerLoader.Load(folder));
        return tokenizer.VocabularySize <= config.VocabularySize
            ? new MaskedTextEncoder(tokenizer, folder, family.MaxLength(config), config.PadTokenId)
            : throw new InvalidRunException(
                $"'{folder}'",
                $"must have a tokenizer of at most {config.VocabularySize} tokens, the vocab_size of its config.json, but the tokenizer has {tokenizer.VocabularySize}");
    }

    /// <inheritdoc/>
    public override EncodedInput Encode(IReadOnlyList<PromptPiece> pieces, EncodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<int>[] tokens = [.. pieces.Select(Tokens)];
        int total = tokens.Sum(piece => piece.Count), limit = Math.Min(options.MaxLength, _limit), cut = 0;
        if (total + _specials > limit)
        {
            int excess = total + _specials - limit;
            cut = TokenCutter.Cut(tokens, [.. pieces.Select(piece => piece is TextPiece { Shortenable: true })], excess, options);
            if (cut < excess)
            {
                throw TooLong(total - cut, options.MaxLength);
            }
        }

        return Row(pieces, tokens, total - cut, cut);
    }

    /// <inheritdoc/>
    public override ModelBatch Collate(IReadOnlyList<EncodedInput> rows, Device device)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int length = rows.Max(row => row.Length);
        long[] ids = new long[rows.Count * length], seen = new long[ids.Length];
        long[]? types = null, soft = null;
        var masks = new List<long>(rows.Count);
        Array.Fill(ids, _padId);
        for (int r = 0; r < rows.Count; r++)
        {
            var row = (EncodedText)rows[r];
            int start = r * length;
            Copy(row.InputIds, ids, start);
            Array.Fill(seen, 1, start, row.Length);
            Copy(row.TokenTypeIds, row.TokenTypeIds.Length == 0 ? [] : types ??= new long[ids.Length], start);
            Copy(row.SoftIds, row.SoftIds.Length == 0 ? [] : soft ??= new long[ids.Length], start);
            masks.AddRange(row.MaskPositions.Select(column => (long)start + column));
        }

        long[] shape = [rows.Count, length];
        return new TextBatch
        {
            InputIds = tensor(ids, shape, device: device),
            AttentionMask = tensor(seen, shape, device: device),
            TokenTypeIds = types is null ? null : tensor(types, shape, device: device),
            SoftIds = soft is null ? null : tensor(soft, shape, device: device),
            MaskPositions = masks.Count == 0 ? null : tensor(masks.ToArray(), [masks.Count], device: device),
            MasksPerRow = rows.All(row => ((EncodedText)row).MaskPositions.Length * rows.Count == masks.Count) ? masks.Count / rows.Count : 0,
        };
    }

    private static void Copy(int[] from, long[] to, int start)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[start + i] = from[i];
        }
    }

    private EncodedText Row(IReadOnlyList<PromptPiece> pieces, IReadOnlyList<int>[] tokens, int total, int cut)
    {
        var inside = new List<int>(total);
        var masks = new List<int>(1);
        int[] soft = [];
        for (int i = 0; i < tokens.Length; i++)
        {
            if (pieces[i] is MaskPiece)
            {
                masks.Add(_before + inside.Count);
            }
            else if (pieces[i] is SoftPiece { Rows: var rows })
            {
                soft = soft.Length == 0 ? new int[total + _specials] : soft;
                for (int k = 0; k < rows.Count; k++)
                {
                    soft[_before + inside.Count + k] = rows[k];
                }
            }

            inside.AddRange(tokens[i]);
        }

        return new EncodedText { InputIds = [.. Tokenizer.WithSpecials(inside)], SoftIds = soft, MaskPositions = [.. masks], Cut = cut };
    }

    private IReadOnlyList<int> Tokens(PromptPiece piece) => piece switch
    {
        TextPiece text => Tokenizer.Encode(text.Text),
        MaskPiece => [Tokenizer.Special.Mask ?? throw Lacks("mask")],
        SpecialPiece special => [Special(special.Name) ?? throw Lacks(special.Name)],
        SoftPiece soft => soft.TokenIds,
        _ => throw new InvalidRunException("template", $"must give text for '{_source}', a language model, but gives a {piece?.GetType().Name}"),
    };

    private int? Special(string name) => name switch
    {
        "cls" => Tokenizer.Special.Cls,
        "sep" => Tokenizer.Special.Sep,
        "pad" => Tokenizer.Special.Pad,
        "bos" => Tokenizer.Special.Bos,
        "eos" => Tokenizer.Special.Eos,
        "unk" => Tokenizer.Special.Unk,
        "mask" => Tokenizer.Special.Mask,
        _ => null,
    };

    private InvalidRunException Lacks(string role)
    {
        IEnumerable<string> there = SpecialRoles.Where(name => Special(name) is not null);
        return new InvalidRunException("template", $"must use special tokens that the tokenizer of '{_source}' has, {string.Join(", ", there)}, but uses '{role}'");
    }

    private InvalidRunException TooLong(int left, int asked)
    {
        string seen = $"a prompt has {left} tokens that may not be cut and {_specials} special ones";
        return asked <= _limit
            ? new InvalidRunException("input.max_length", $"must have room for every prompt, but is {asked}, and {seen}; {left + _specials} would do, or a shorter template")
            : new InvalidRunException("template", $"must fit into the {_limit} tokens that '{_source}' can read, but {seen}");
    }
}
