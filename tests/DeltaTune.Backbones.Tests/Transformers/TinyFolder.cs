using System.Text.Json.Nodes;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Backbones.Weights;
using DeltaTune.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>A Hugging Face folder of a tiny BERT with random weights, to be broken or rewritten. Sizes differ from one another.</summary>
internal sealed class TinyFolder : IDisposable
{
    public const int Vocabulary = 17, Hidden = 12, Layers = 2, Heads = 3, Intermediate = 20, Positions = 24;
    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "team", "won", "a", "game", "it", "was", "good", ".", "##s", "play", "##ed"];

    public TinyFolder(string family = "bert")
    {
        Config = new JsonObject
        {
            ["model_type"] = family, ["vocab_size"] = Vocabulary, ["hidden_size"] = Hidden, ["num_hidden_layers"] = Layers, ["num_attention_heads"] = Heads,
            ["intermediate_size"] = Intermediate, ["max_position_embeddings"] = Positions, ["type_vocab_size"] = 2, ["hidden_act"] = "gelu",
            ["pad_token_id"] = 0, ["hidden_dropout_prob"] = 0, ["attention_probs_dropout_prob"] = 0,
        };
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        EncoderFamily names = family == "bert" ? EncoderFamily.Bert : EncoderFamily.Roberta;
        var config = new EncoderConfig
        {
            VocabularySize = Vocabulary, HiddenSize = Hidden, Layers = Layers, Heads = Heads, IntermediateSize = Intermediate, MaxPositions = Positions,
        };
        Tensors = EncoderSpecs.Of(names, config, withPooler: true, withPredictions: true)
            .ToDictionary(spec => spec.Name, spec => empty(spec.Shape).normal_(spec.Start == WeightStart.One ? 1 : 0, 0.3, generator).DetachFromDisposeScope());
        Write();
        File.WriteAllLines(System.IO.Path.Combine(Path, "vocab.txt"), Words);
    }

    public string Path { get; } = SharedFiles.NewFolder();

    public JsonObject Config { get; }

    public Dictionary<string, Tensor> Tensors { get; }

    public string Weights => System.IO.Path.Combine(Path, "model.safetensors");

    public string ConfigFile => System.IO.Path.Combine(Path, "config.json");

    /// <summary>Writes configuration and weights as they are now.</summary>
    public void Write()
    {
        File.WriteAllText(ConfigFile, Config.ToJsonString());
        SafetensorsFile.Write(Weights, Tensors.Select(pair => (pair.Key, pair.Value)));
    }

    public Backbone Load() => new BertLoader(new BertOptions { Path = Path }).Load();

    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }

        Directory.Delete(Path, recursive: true);
    }
}
