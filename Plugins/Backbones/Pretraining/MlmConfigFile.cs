using System.Text.Json;
using DeltaTune.Backbones.Transformers;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Writes <c>config.json</c> as transformers' BertConfig reads it.</summary>
internal static class MlmConfigFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(EncoderConfig config) => JsonSerializer.Serialize(
        new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["architectures"] = config.Architectures,
            ["attention_probs_dropout_prob"] = config.AttentionDropout,
            ["classifier_dropout"] = 0.1, // for those who tune it, whatever pretraining used
            ["hidden_act"] = config.Activation,
            ["hidden_dropout_prob"] = config.HiddenDropout,
            ["hidden_size"] = config.HiddenSize,
            ["initializer_range"] = 0.02,
            ["intermediate_size"] = config.IntermediateSize,
            ["layer_norm_eps"] = config.LayerNormEps,
            ["max_position_embeddings"] = config.MaxPositions,
            ["model_type"] = "bert",
            ["num_attention_heads"] = config.Heads,
            ["num_hidden_layers"] = config.Layers,
            ["pad_token_id"] = config.PadTokenId,
            ["position_embedding_type"] = "absolute",
            ["tie_word_embeddings"] = true,
            ["torch_dtype"] = "bfloat16",
            ["type_vocab_size"] = config.TypeVocabularySize,
            ["vocab_size"] = config.VocabularySize,
        },
        Indented) + "\n";
}
