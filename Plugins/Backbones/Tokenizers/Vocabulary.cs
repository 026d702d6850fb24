using System.Text.Json;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Tokens by id and ids by token. Ids may have holes, as some published vocabularies do.</summary>
internal sealed class Vocabulary
{
    private readonly string?[] _tokens;
    private readonly Dictionary<string, int> _ids;

    private Vocabulary(string?[] tokens, Dictionary<string, int> ids) => (_tokens, _ids) = (tokens, ids);

    public int Size => _tokens.Length;

    public IEnumerable<KeyValuePair<string, int>> Entries => _ids;

    /// <summary>Builds a vocabulary from pairs of token and id.</summary>
    /// <exception cref="InvalidDataException">An id is negative, given twice, or far beyond the number of tokens.</exception>
    public static Vocabulary FromPairs(IEnumerable<KeyValuePair<string, int>> pairs, string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, int id) in pairs)
        {
            ids[token] = id;
        }

        int size = ids.Count == 0 ? 0 : ids.Values.Max() + 1;
        if (ids.Count == 0 || ids.Values.Min() < 0 || size > 2L * ids.Count + 100_000)
        {
            throw new InvalidDataException($"'{path}': the vocabulary must have ids from 0 to about its number of tokens, "
                + (ids.Count == 0 ? "but is empty." : $"but its {ids.Count} tokens have ids from {ids.Values.Min()} to {size - 1}."));
        }

        var tokens = new string?[size];
        foreach ((string token, int id) in ids)
        {
            if (tokens[id] is { } other)
            {
                throw new InvalidDataException($"'{path}': id {id} is given to both '{other}' and '{token}'; every id must belong to one token.");
            }

            tokens[id] = token;
        }

        return new Vocabulary(tokens, ids);
    }

    /// <summary>Reads one token a line; the line's number, from 0, is the id. A token listed twice has the later id, as in BERT's own code.</summary>
    public static Vocabulary FromLines(string path)
    {
        string[] lines = File.ReadAllLines(path);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < lines.Length; id++)
        {
            ids[lines[id]] = id;
        }

        return ids.Count > 0 ? new Vocabulary(lines, ids) : throw new InvalidDataException($"'{path}' must have one token a line, but is empty.");
    }

    /// <summary>Reads an object of token and id.</summary>
    public static Vocabulary FromJson(JsonElement vocabulary, string path)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"'{path}': the vocabulary must be an object of token and id, but is of kind {vocabulary.ValueKind}.");
        }

        return FromPairs(
            vocabulary.EnumerateObject().Select(pair => pair.Value.ValueKind == JsonValueKind.Number && pair.Value.TryGetInt32(out int id)
                ? KeyValuePair.Create(pair.Name, id)
                : throw new InvalidDataException($"'{path}': token '{pair.Name}' must have a whole number as its id, but has {pair.Value.GetRawText()}.")),
            path);
    }

    /// <summary>Returns this vocabulary with more tokens; those that it has already are left as they are.</summary>
    public Vocabulary With(IEnumerable<KeyValuePair<string, int>> more, string path)
    {
        KeyValuePair<string, int>[] added = [.. more.Where(pair => !_ids.ContainsKey(pair.Key))];
        if (added.Length == 0)
        {
            return this;
        }

        // Tokens that a later line of the same text has hidden keep their place.
        Vocabulary all = FromPairs(_ids.Concat(added), path);
        for (int id = 0; id < _tokens.Length; id++)
        {
            all._tokens[id] ??= _tokens[id];
        }

        return all;
    }

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string TokenOf(int id) => id >= 0 && id < _tokens.Length && _tokens[id] is { } token
        ? token
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"Token ids must be from 0 to {_tokens.Length - 1} and in use, but one is {id}.");
}
