namespace DeltaTune.Prompts.Templates;

/// <summary>The network that a P-tuning prompt goes through.</summary>
public enum PromptEncoderKind
{
    /// <summary>Two layers of bidirectional LSTM, then two linear maps with a ReLU between (Liu et al. 2021).</summary>
    Lstm,

    /// <summary>Two linear maps with a ReLU between.</summary>
    Mlp,
}
