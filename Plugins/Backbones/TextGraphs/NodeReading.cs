namespace DeltaTune.Backbones.TextGraphs;

/// <summary>How the text of a node becomes its vector.</summary>
public enum NodeReading
{
    /// <summary>The mean of the last states of its tokens (Reimers and Gurevych 2019, §3, https://arxiv.org/abs/1908.10084).</summary>
    Mean,

    /// <summary>The text backbone's one vector a row: BERT's pooler, the last token's state of a decoder.</summary>
    Pooled,

    /// <summary>The state at a mask that is put behind the text.</summary>
    Mask,
}
