namespace DeltaTune.Backbones;

/// <summary>What kind of network a backbone is.</summary>
public enum BackboneKind
{
    /// <summary>An encoder that predicts masked tokens (BERT, RoBERTa).</summary>
    MaskedLanguageModel,

    /// <summary>A decoder that predicts the next token (GPT-2, LLaMA).</summary>
    CausalLanguageModel,

    /// <summary>An encoder and a decoder (T5).</summary>
    EncoderDecoder,

    /// <summary>A graph neural network (GIN, GCN, GAT, GraphSAGE).</summary>
    Graph,
}
