namespace DeltaTune.Prompts.Verbalizers;

/// <summary>What a plain linear classifier reads.</summary>
public enum LinearInput
{
    /// <summary>The states at the masks where the template has any, else the pooled state.</summary>
    Auto,

    /// <summary>The hidden states at the masks, side by side where there are several.</summary>
    Mask,

    /// <summary>One vector a row: BERT's pooler, a graph's pooled embedding.</summary>
    Pooled,
}
