using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DeltaTune.Training;

namespace DeltaTune.Host.Options;

/// <summary>How a run trains: the <c>training</c> part of a run file.</summary>
public sealed record TrainingOptions : IValidatableObject
{
    internal const string TemplatePart = "template", VerbalizerPart = "verbalizer", CompositionPart = "composition";

    /// <summary>Gets the optimiser.</summary>
    /// <value>The default is <c>adamw</c>, as in PEFT's and OpenPrompt's examples.</value>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Gets the highest learning rate, reached after the warm-up.</summary>
    /// <value>Above 0. The default is 0.001, as in PEFT's examples for LoRA on RoBERTa.</value>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets other highest learning rates for some parts: by a delta's name, or <c>template</c>, <c>verbalizer</c> or <c>composition</c>.</summary>
    /// <value>Above 0 each. The default is none: all parts learn at <see cref="LearningRate"/>. OpenPrompt has one for the prompt and one for the model.</value>
    public IReadOnlyDictionary<string, double> LearningRates { get; init; } = new Dictionary<string, double>();

    /// <summary>Gets the weight decay, not applied to biases and norms.</summary>
    /// <value>0 or more. The default is 0.01, PyTorch's for AdamW.</value>
    [Range(0, double.MaxValue)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Gets other weight decays for some parts: by a delta's name, or <c>template</c>, <c>verbalizer</c> or <c>composition</c>.</summary>
    /// <value>0 or more each. The default is none: all parts decay by <see cref="WeightDecay"/>. Kipf and Welling 2017, §5.1, decay the first layer alone.</value>
    public IReadOnlyDictionary<string, double> WeightDecays { get; init; } = new Dictionary<string, double>();

    /// <summary>Gets how often the training split is gone through.</summary>
    /// <value>1 or more. The default is 3, as in BERT's fine-tuning (Devlin et al. 2019, A.3); <see cref="MaxSteps"/> goes before it.</value>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 3;

    /// <summary>Gets the number of optimiser steps in all, in place of <see cref="Epochs"/>.</summary>
    /// <value>1 or more; null, the default, where the epochs say it.</value>
    [Range(1, int.MaxValue)]
    public int? MaxSteps { get; init; }

    /// <summary>Gets the number of examples in a training batch.</summary>
    /// <value>1 or more. The default is 16 (Devlin et al. 2019, A.3).</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Gets the number of examples in an evaluation batch.</summary>
    /// <value>1 or more. The default is 64: no gradients are kept, so more fits.</value>
    [Range(1, int.MaxValue)]
    public int EvalBatchSize { get; init; } = 64;

    /// <summary>Gets the part of all steps over which the learning rate rises from 0.</summary>
    /// <value>A fraction from 0 to 1. The default is 0.06 (Liu et al. 2019, RoBERTa, table 10).</value>
    [Range(0.0, 1.0)]
    public double Warmup { get; init; } = 0.06;

    /// <summary>Gets how the learning rate goes after the warm-up.</summary>
    /// <value>The default is <c>linear</c>.</value>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Linear;

    /// <summary>Gets the largest norm of the gradient of all trained parameters; a longer one is shortened to it.</summary>
    /// <value>0 switches clipping off. The default is 1 (Devlin et al. 2019's code).</value>
    [Range(0, double.MaxValue)]
    public double MaxGradNorm { get; init; } = 1.0;

    /// <summary>Gets the number of batches whose gradients make one step.</summary>
    /// <value>1 or more. The default is 1.</value>
    [Range(1, int.MaxValue)]
    public int Accumulate { get; init; } = 1;

    /// <summary>Gets whether the frozen backbone's own dropout is on while training.</summary>
    /// <value>The default is false: it stays in evaluation mode, as with OpenPrompt's <c>plm_eval_mode</c>.</value>
    public bool BackboneDropout { get; init; }

    /// <summary>Gets whether the hidden states that enter the lowest layer with something attached are computed once an example and read again in later epochs.</summary>
    /// <value>The default is true: it is done wherever the states stay the same, which is where nothing is attached to the embeddings or the first layer, the
    /// backbone's dropout is off, and training goes through the examples more than once. The losses differ by rounding alone.</value>
    public bool CacheStates { get; init; } = true;

    /// <summary>Gets the memory that such states may take, those of training and validation examples together, in MiB. What does not fit is computed each time.</summary>
    /// <value>1 or more. The default is 1024.</value>
    [Range(1, int.MaxValue)]
    public int CacheMebibytes { get; init; } = 1024;

    /// <summary>Gets the number of steps between evaluations on the validation split.</summary>
    /// <value>1 or more; null, the default, is once an epoch.</value>
    [Range(1, int.MaxValue)]
    public int? EvaluateEvery { get; init; }

    /// <summary>Gets the number of evaluations without a better score after which training ends early.</summary>
    /// <value>1 or more; null, the default, never ends early.</value>
    [Range(1, int.MaxValue)]
    public int? Patience { get; init; }

    /// <summary>Gets which state of the trained parts is kept.</summary>
    /// <value>The default is <c>best</c>.</value>
    public KeepKind Keep { get; init; } = KeepKind.Best;

    /// <summary>Gets what makes an evaluation the best so far.</summary>
    /// <value>The default is <c>score</c>, as in PEFT's examples. Chen et al. 2020, arXiv:2007.02133, go by the loss, Veličković et al. 2018, §3.3, by both.</value>
    public BestKind BestBy { get; init; } = BestKind.Score;

    /// <summary>Gets the number of steps between lines of the log.</summary>
    /// <value>1 or more. The default is 10.</value>
    [Range(1, int.MaxValue)]
    public int LogEvery { get; init; } = 10;

    /// <summary>Gets the number of steps between checkpoints that an interrupted run resumes from.</summary>
    /// <value>1 or more; null, the default, is at each evaluation.</value>
    [Range(1, int.MaxValue)]
    public int? CheckpointEvery { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach ((string part, double rate) in LearningRates.Where(r => !(r.Value > 0)))
        {
            yield return new ValidationResult($"must be above 0 for '{part}', but is {rate.ToString(CultureInfo.InvariantCulture)}", [nameof(LearningRates)]);
        }

        foreach ((string part, double decay) in WeightDecays.Where(d => !(d.Value >= 0)))
        {
            yield return new ValidationResult($"must be 0 or more for '{part}', but is {decay.ToString(CultureInfo.InvariantCulture)}", [nameof(WeightDecays)]);
        }

        if (Patience is not null && Keep == KeepKind.Last)
        {
            yield return new ValidationResult("needs \"keep\": \"best\": training that ends early keeps its best state", [nameof(Patience)]);
        }
    }
}
