using DeltaTune.Prompts.Templates.Language;
using DeltaTune.Text;

namespace DeltaTune.Prompts.Templates;

/// <summary>Gives rows of the soft table to a template's soft pieces, in order, and remembers what each row starts as.</summary>
internal sealed class SoftRows(ITokenizer tokenizer)
{
    private readonly List<int?> _tokens = [];
    private readonly Dictionary<int, (SoftNode Node, SoftPiece Piece)> _groups = [];
    // What a soft position stands for where nothing replaces it: the unknown word, whose embedding no text relies on.
    private readonly int _ordinary = tokenizer.Special.Unk ?? tokenizer.Special.Mask ?? tokenizer.Special.Eos ?? 0;

    /// <summary>Gets how many rows there are.</summary>
    public int Count => _tokens.Count;

    /// <summary>Gets the token that each row starts as; null for a random start.</summary>
    public IReadOnlyList<int?> Tokens => _tokens;

    /// <summary>Allocates the rows of a piece, numbered from 1, or gives those of its group.</summary>
    /// <param name="node">The piece.</param>
    /// <param name="mistake">Points at it in a message.</param>
    /// <exception cref="InvalidRunException">It differs from the first piece of its group, or has a text without tokens.</exception>
    public SoftPiece Allocate(SoftNode node, Func<string, InvalidRunException> mistake)
    {
        if (node.Id is int id && _groups.TryGetValue(id, out (SoftNode Node, SoftPiece Piece) first))
        {
            bool says = node.Text.Length > 0 || node.Duplicate is not null;
            return says && (node.Text, node.Duplicate, node.Same) != (first.Node.Text, first.Node.Duplicate, first.Node.Same)
                ? throw mistake($"a later piece of soft_id {id} must be as the first one or say no more than {{\"soft_id\": {id}}}, but differs")
                : first.Piece;
        }

        SoftPiece piece = node.Text.Length > 0 ? OfText(node, mistake) : Fresh(node.Duplicate ?? 1, node.Same);
        if (node.Id is int group) { _groups[group] = (node, piece); }
        return piece;
    }

    private SoftPiece OfText(SoftNode node, Func<string, InvalidRunException> mistake)
    {
        IReadOnlyList<int> tokens = tokenizer.Encode(node.Prefix + node.Text);
        if (tokens.Count == 0) { throw mistake($"the text of a soft piece must have a token at least, but \"{node.Text}\" has none"); }
        int[] rows = new int[tokens.Count];
        for (int i = 0; i < rows.Length; i++) { rows[i] = Add(tokens[i]); }
        return new SoftPiece(rows, tokens);
    }

    private SoftPiece Fresh(int positions, bool same)
    {
        int[] rows = new int[positions];
        for (int i = 0; i < positions; i++) { rows[i] = same && i > 0 ? rows[0] : Add(null); }
        int[] tokens = new int[positions];
        Array.Fill(tokens, _ordinary);
        return new SoftPiece(rows, tokens);
    }

    private int Add(int? token)
    {
        _tokens.Add(token);
        return _tokens.Count;
    }
}
