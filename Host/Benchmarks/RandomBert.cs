using DeltaTune.Files;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Benchmarks;

/// <summary>Writes a BERT of random weights as a Hugging Face folder, so that a step can be timed without a checkpoint at hand.</summary>
/// <param name="Layers">How many layers.</param>
/// <param name="Hidden">The hidden size.</param>
/// <param name="Heads">How many heads.</param>
/// <param name="Vocabulary">How many words; the first five are the special ones.</param>
/// <param name="Positions">The longest input, in tokens.</param>
/// <param name="Deviation">The standard deviation of the weights; BERT's initializer_range by default.</param>
internal sealed record RandomBert(int Layers, int Hidden, int Heads, int Vocabulary, int Positions, double Deviation = 0.02)
{
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private int Intermediate => 4 * Hidden;

    /// <summary>Writes config.json, vocab.txt, tokenizer_config.json and model.safetensors.</summary>
    /// <param name="folder">There already.</param>
    /// <param name="dropout">The probability in hidden states and attention.</param>
    /// <param name="seed">Where the weights come from.</param>
    /// <param name="words">Words for the vocabulary, before it is filled up.</param>
    public void Write(string folder, double dropout, long seed, IReadOnlyList<string>? words = null)
    {
        var config = new JObject
        {
            ["architectures"] = new JArray("BertForMaskedLM"),
            ["model_type"] = "bert",
            ["vocab_size"] = Vocabulary,
            ["hidden_size"] = Hidden,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads,
            ["intermediate_size"] = Intermediate,
            ["hidden_act"] = "gelu",
            ["max_position_embeddings"] = Positions,
            ["type_vocab_size"] = 2,
            ["layer_norm_eps"] = 1e-12,
            ["hidden_dropout_prob"] = dropout,
            ["attention_probs_dropout_prob"] = dropout,
            ["pad_token_id"] = 0,
            ["tie_word_embeddings"] = true,
        };
        AtomicFile.WriteAllText(Path.Combine(folder, "config.json"), config.ToString());
        AtomicFile.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"tokenizer_class": "BertTokenizer", "do_lower_case": true}""");
        IEnumerable<string> vocabulary = Special.Concat(words ?? []).Concat(Enumerable.Range(0, Vocabulary).Select(i => $"w{i}")).Take(Vocabulary);
        AtomicFile.WriteAllText(Path.Combine(folder, "vocab.txt"), string.Concat(vocabulary.Select(w => w + "\n")));

        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        SafetensorsFile.Write(Path.Combine(folder, "model.safetensors"), [.. Shapes().Select(s => (s.Name, Make(s.Name, s.Shape, generator)))]);
    }

    private Tensor Make(string name, long[] shape, Generator generator)
        => name.EndsWith("bias", StringComparison.Ordinal) ? zeros(shape)
            : name.Contains("LayerNorm", StringComparison.Ordinal) ? ones(shape)
            : randn(shape, generator: generator) * Deviation;

    private IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        yield return ("bert.embeddings.word_embeddings.weight", [Vocabulary, Hidden]);
        yield return ("bert.embeddings.position_embeddings.weight", [Positions, Hidden]);
        yield return ("bert.embeddings.token_type_embeddings.weight", [2, Hidden]);
        foreach ((string, long[]) norm in Norm("bert.embeddings.LayerNorm"))
        {
            yield return norm;
        }

        for (int i = 0; i < Layers; i++)
        {
            string layer = $"bert.encoder.layer.{i}";
            IEnumerable<(string, long[])> parts =
            [
                .. Linear($"{layer}.attention.self.query", Hidden, Hidden), .. Linear($"{layer}.attention.self.key", Hidden, Hidden),
                .. Linear($"{layer}.attention.self.value", Hidden, Hidden), .. Linear($"{layer}.attention.output.dense", Hidden, Hidden),
                .. Norm($"{layer}.attention.output.LayerNorm"), .. Linear($"{layer}.intermediate.dense", Hidden, Intermediate),
                .. Linear($"{layer}.output.dense", Intermediate, Hidden), .. Norm($"{layer}.output.LayerNorm"),
            ];
            foreach ((string, long[]) part in parts)
            {
                yield return part;
            }
        }

        foreach ((string, long[]) part in (IEnumerable<(string, long[])>)[
            .. Linear("bert.pooler.dense", Hidden, Hidden), .. Linear("cls.predictions.transform.dense", Hidden, Hidden),
            .. Norm("cls.predictions.transform.LayerNorm"), ("cls.predictions.bias", [Vocabulary])])
        {
            yield return part;
        }
    }

    private IEnumerable<(string, long[])> Norm(string name) => [($"{name}.weight", [Hidden]), ($"{name}.bias", [Hidden])];

    private static IEnumerable<(string, long[])> Linear(string name, long inFeatures, long outFeatures) => [($"{name}.weight", [outFeatures, inFeatures]), ($"{name}.bias", [outFeatures])];
}
