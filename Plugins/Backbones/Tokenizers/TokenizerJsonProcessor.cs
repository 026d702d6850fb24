using System.Text.Json;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>The <c>post_processor</c> of a <c>tokenizer.json</c>: where special tokens go.</summary>
internal sealed class TokenizerJsonProcessor
{
    private readonly string _path;
    private readonly JsonElement? _processor;
    private readonly string _kind;

    /// <param name="path">The file, for messages.</param>
    /// <param name="processor">The element, or null. Of a sequence, the one part that is not <c>ByteLevel</c> (which only moves offsets) counts.</param>
    public TokenizerJsonProcessor(string path, JsonElement? processor)
    {
        _path = path;
        JsonElement[] parts = processor.GetText("type") == "Sequence" ? [.. processor.Items("processors")] : processor is { } one ? [one] : [];
        JsonElement[] acting = [.. parts.Where(part => ((JsonElement?)part).GetText("type") != "ByteLevel")];
        if (acting.Length > 1)
        {
            throw new InvalidDataException($"'{path}': post_processor must have one part that adds tokens, but has {acting.Length}.");
        }

        _processor = acting.Length == 1 ? acting[0] : null;
        _kind = _processor.GetText("type") ?? "none";
    }

    /// <summary>Tells the roles of the tokens that the processor names as <c>cls</c> and <c>sep</c>.</summary>
    public void AddRoles(TokenizerSettings settings)
    {
        foreach (string role in new[] { "cls", "sep" })
        {
            if (_processor.Items(role).FirstOrDefault() is { ValueKind: JsonValueKind.String } text)
            {
                settings.ByRole.TryAdd(role + "_token", new TokenText(text.GetString()!, Special: true));
            }
        }
    }

    /// <summary>Builds the template.</summary>
    public SpecialTemplate Template(Vocabulary vocabulary) => _kind switch
    {
        "none" => SpecialTemplate.Plain,
        "BertProcessing" => SpecialTemplate.Bert(IdOf(vocabulary, "cls"), IdOf(vocabulary, "sep")),
        "RobertaProcessing" => SpecialTemplate.Roberta(IdOf(vocabulary, "cls"), IdOf(vocabulary, "sep")),
        "TemplateProcessing" => new SpecialTemplate([.. Parts("single")], [.. Parts("pair")]),
        _ => throw new InvalidDataException(
            $"'{_path}': post_processor.type must be TemplateProcessing, BertProcessing, RobertaProcessing or ByteLevel, but is '{_kind}'."),
    };

    private int IdOf(Vocabulary vocabulary, string role) => _processor.Items(role).FirstOrDefault() is { ValueKind: JsonValueKind.String } text
        && vocabulary.IdOf(text.GetString()!) is { } id
            ? id
            : throw new InvalidDataException($"'{_path}': post_processor.{role} must be a token of the vocabulary and its id.");

    // [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, ...]; the ids are in "special_tokens".
    private IEnumerable<SpecialTemplate.Part> Parts(string member)
    {
        foreach (JsonElement? part in _processor.Items(member).Select(item => (JsonElement?)item))
        {
            JsonElement? text = part.Get("Sequence");
            JsonElement? token = part.Get("SpecialToken");
            int type = (text ?? token).Get("type_id") is { } value ? JsonFile.Int(value, _path, $"post_processor.{member}.type_id") : 0;
            if (text is not null)
            {
                yield return new SpecialTemplate.Part(text.GetText("id") == "B" ? SpecialTemplate.Second : SpecialTemplate.First, type);
                continue;
            }

            string name = token.GetText("id") ?? throw new InvalidDataException($"'{_path}': post_processor.{member} must be made of Sequence and SpecialToken.");
            JsonElement[] ids = [.. _processor.Get("special_tokens").Get(name).Items("ids")];
            if (ids.Length == 0)
            {
                throw new InvalidDataException($"'{_path}': post_processor.special_tokens must have the ids of '{name}'.");
            }

            foreach (JsonElement id in ids)
            {
                yield return new SpecialTemplate.Part(JsonFile.Int(id, _path, $"post_processor.special_tokens.{name}"), type);
            }
        }
    }
}
