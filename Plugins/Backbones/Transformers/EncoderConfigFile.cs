using System.Text.Json;
using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Backbones.Tokenizers;

namespace DeltaTune.Backbones.Transformers;

/// <summary>Reads the <c>config.json</c> of a BERT-like encoder.</summary>
/// <remarks>Names and defaults are those of transformers' BertConfig and RobertaConfig; sizes must be given. Without libtorch.</remarks>
internal sealed class EncoderConfigFile
{
    private readonly string _file;
    private readonly JsonElement? _json;

    private EncoderConfigFile(string file, JsonElement json) => (_file, _json) = ($"'{file}'", json);

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="InvalidRunException">It is missing or broken, of another model, or lacks a size.</exception>
    public static EncoderConfig Read(string folder, EncoderFamily family)
    {
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            throw new InvalidRunException($"'{folder}'", "must be a folder with a config.json, but " + (Directory.Exists(folder) ? "has none"
                : File.Exists(folder) ? "is a file" : "is not there"));
        }

        return new EncoderConfigFile(path, BrokenFile.Guard(path, () => JsonFile.Read(path))).Read(family);
    }

    private EncoderConfig Read(EncoderFamily family)
    {
        // Early BERT folders have no model_type.
        Only("model_type", family.Name, _json.GetText("model_type") is "bert" or "roberta" ? $", which the backbone of that name reads" : "");
        Only("position_embedding_type", "absolute");
        if (_json.GetFlag("is_decoder") == true)
        {
            throw Mistake("is_decoder", "must be false, since this backbone is an encoder, but is true");
        }

        var config = new EncoderConfig
        {
            VocabularySize = Size("vocab_size"),
            HiddenSize = Size("hidden_size"),
            Layers = Size("num_hidden_layers"),
            Heads = Size("num_attention_heads"),
            IntermediateSize = Size("intermediate_size"),
            MaxPositions = Size("max_position_embeddings"),
            TypeVocabularySize = _json.Get("type_vocab_size") is null ? 2 : Size("type_vocab_size"),
            PadTokenId = _json.Get("pad_token_id") is null ? family.PadTokenId : Whole("pad_token_id", 0),
            Activation = _json.GetText("hidden_act") ?? "gelu",
            LayerNormEps = Number("layer_norm_eps", double.MaxValue) ?? 1e-12,
            HiddenDropout = Number("hidden_dropout_prob", 1) ?? 0.1,
            AttentionDropout = Number("attention_probs_dropout_prob", 1) ?? 0.1,
            ClassifierDropout = Number("classifier_dropout", 1),
            TieWordEmbeddings = _json.GetFlag("tie_word_embeddings") ?? true,
            Architectures = [.. _json.Items("architectures").Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        };
        if (config.HiddenSize % config.Heads != 0)
        {
            throw Mistake("hidden_size", $"must be a multiple of num_attention_heads, {config.Heads}, but is {config.HiddenSize}");
        }

        if (!Activation.Known.ContainsKey(config.Activation))
        {
            throw Mistake("hidden_act", $"must be one of {string.Join(", ", Activation.Known.Keys)}, but is \"{config.Activation}\"");
        }

        return config.PadTokenId < config.VocabularySize && family.MaxLength(config) > 0
            ? config
            : throw Mistake("pad_token_id", $"must be below vocab_size, {config.VocabularySize}, and leave positions in max_position_embeddings, {config.MaxPositions}, but is {config.PadTokenId}");
    }

    private void Only(string key, string value, string hint = "")
    {
        if (_json.Get(key) is { } given && _json.GetText(key) != value)
        {
            throw Mistake(key, $"must be \"{value}\", but is {given.GetRawText()}{hint}");
        }
    }

    private int Size(string key) => Whole(key, 1);

    private int Whole(string key, int least)
    {
        string rule = $"must be a whole number of at least {least}";
        if (_json.Get(key) is not { } value)
        {
            throw Mistake(key, rule + ", but is missing");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least
            ? number
            : throw Mistake(key, $"{rule}, but is {value.GetRawText()}");
    }

    private double? Number(string key, double below)
    {
        if (_json.Get(key) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 0 && number < below
            ? number
            : throw Mistake(key, $"must be a number of at least 0{(below > 1 ? "" : " and below 1")}, but is {value.GetRawText()}");
    }

    private InvalidRunException Mistake(string key, string problem) => new($"{_file}: {key}", problem);
}
