namespace DeltaTune.Backbones;

/// <summary>What can be read out of a backbone.</summary>
public enum ReadOutKind
{
    /// <summary>One vector a row: BERT's pooler, a graph's pooled embedding, the last token's state of a decoder. <c>[rows, hidden]</c>.</summary>
    /// <remarks>A pass for it leaves the states that such a vector is made of, whether or not the checkpoint has weights to make it.</remarks>
    Pooled,

    /// <summary>The last hidden states as they are: <c>[batch, seq, hidden]</c> or <c>[nodes, hidden]</c>.</summary>
    States,

    /// <summary>The hidden states at the batch's mask positions: <c>[masks, hidden]</c>.</summary>
    MaskStates,

    /// <summary>Vocabulary scores at the batch's mask positions: <c>[masks, vocab]</c>, or <c>[masks, ids]</c> for chosen words.</summary>
    MaskLogits,

    /// <summary>Vocabulary scores at every position: <c>[batch, seq, vocab]</c>.</summary>
    Logits,
}
