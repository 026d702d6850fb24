using System.Globalization;
using System.Runtime.InteropServices;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Pretraining;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Writes the model card: what the network is, what it has read, how long it took, how well it predicts.</summary>
internal static class MlmCard
{
    public static string Write(
        MlmOptions options, EncoderConfig config, PretrainingJob job, MlmState state, TimeSpan elapsed, long epochRows, int vocabulary, long parameters)
    {
        long tokens = state.Step * options.BatchSize * options.MaxLength;
        string corpus = string.Join("\n", options.Corpus.Select(file => Invariant(
            $"- `{Path.GetFileName(file.Path)}`, {new FileInfo(file.Path).Length:N0} bytes, {file.Weight} times an epoch")));
        string held = state.HeldOutLoss is { } loss
            ? Invariant($"{loss:F3} nats a masked token on {options.HeldOutRows} held-out rows (perplexity {Math.Exp(loss):F1})")
            : "not measured";
        return Invariant($"""
            # A small BERT, pretrained from nothing

            An encoder with {config.Layers} layers, hidden size {config.HiddenSize}, {config.Heads} heads, inner size {config.IntermediateSize} and {vocabulary:N0} lower-cased word pieces:
            {parameters:N0} parameters, rows of up to {config.MaxPositions} tokens. It was trained by DeltaTune's `mlm` pretraining to predict masked words
            (Devlin et al. 2019, arXiv:1810.04805{(options.WholeWord ? ", whole words" : "")}), without next-sentence prediction.
            The files are those of Hugging Face's `BertForMaskedLM`; weights are bfloat16.

            ## Data

            {corpus}

            ## Training

            - {state.Step:N0} steps of {options.BatchSize} rows of {options.MaxLength} tokens: {tokens / 1e6:F1} million tokens, {(double)state.Step * options.BatchSize / epochRows:F2} epochs
            - AdamW, learning rate {options.LearningRate} after {options.WarmupSteps} steps of warm-up, then {options.Schedule.ToString().ToLowerInvariant()}; β₂ {options.Beta2}, weight decay {options.WeightDecay}, gradient norm at most {options.ClipNorm}
            - at the start: weights with a deviation of {options.InitializerRange}; token embeddings {(options.TokenStart == TokenStart.Cooccurrence ? "from the factorised co-occurrences of the corpus" : "likewise")}; {options.IdentityStart} of the identity in the maps that pass context on
            - {options.MaskProbability:P0} of the tokens predicted; dropout {options.Dropout}; seed {job.Seed}
            - {elapsed.TotalMinutes:F0} minutes on {job.Device.type.ToString().ToLowerInvariant()}, {Environment.ProcessorCount} processor cores ({RuntimeInformation.ProcessArchitecture})

            ## Result

            - training loss at the end: {state.LastLoss:F3} nats a masked token
            - held-out loss: {held}

            """);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
