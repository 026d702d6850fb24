using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Deltas.Compositions;
using DeltaTune.Generation;
using DeltaTune.Host.Options;
using DeltaTune.Prompts;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>What a run trains and scores with: a backbone, with template, verbalizer and deltas bound and attached.</summary>
/// <param name="Backbone">Frozen.</param>
/// <param name="Template">Bound and attached.</param>
/// <param name="Verbalizer">Bound.</param>
/// <param name="Deltas">Attached, in the run file's order.</param>
/// <param name="Task">The task that template and verbalizer are bound to.</param>
/// <param name="Input">How prompts are cut.</param>
/// <param name="Device">Where the backbone is.</param>
/// <param name="Composite">The deltas as they act together, attached; null where each is attached by itself.</param>
internal sealed record TuningModel(
    Backbone Backbone, Template Template, Verbalizer Verbalizer, IReadOnlyList<Delta> Deltas, ITask Task, EncodingOptions Input, Device Device,
    CompositeDelta? Composite = null)
{
    private readonly RowNames _rows = new(Composite);
    private readonly NumberScale? _numbers = NumberScale.Of(Verbalizer); // null but where numbers are learned

    /// <summary>Gets how texts are written.</summary>
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>Gets whether texts are learned, instead of classes chosen: the verbalizer's one score is then the log probability of a row's text, in nats.</summary>
    public bool LearnsTexts => Verbalizer is ILossVerbalizer && (Task.Metric == MetricNames.Perplexity || MetricNames.OfTexts.Contains(Task.Metric));

    /// <summary>Gets the deltas that are attached: the composition as one, or each by itself.</summary>
    public IReadOnlyList<Delta> Acting => Composite is null ? Deltas : [Composite];

    /// <summary>Lists what trains, each tensor once: the deltas' in their order, the template's, the verbalizer's.</summary>
    /// <returns>Empty where nothing trains.</returns>
    public IReadOnlyList<TrainedTensor> Trained()
    {
        List<TrainedTensor> all =
        [
            .. Deltas.SelectMany(d => d.Parameters().Select(p => new TrainedTensor($"delta '{d.Name}'", p.Name, p.Value) { PartName = d.Name, Rate = (d as IRatedDelta)?.RateOf(p) ?? 1 })),
            .. (Composite?.OwnParameters() ?? []).Select(p => new TrainedTensor("the composition", p.Name, p.Value) { PartName = TrainingOptions.CompositionPart }),
            .. Template.named_parameters().Select(p => new TrainedTensor("the template", p.name, p.parameter) { PartName = TrainingOptions.TemplatePart }),
            .. Verbalizer.named_parameters().Select(p => new TrainedTensor("the verbalizer", p.name, p.parameter) { PartName = TrainingOptions.VerbalizerPart }),
        ];
        return [.. all.Where(p => p.Value.requires_grad).DistinctBy(p => p.Value.Handle)];
    }

    /// <summary>Encodes examples.</summary>
    /// <param name="examples">The bound task's.</param>
    /// <returns>Plain arrays.</returns>
    public EncodedSplit Encode(IReadOnlyList<Example> examples) => EncodedSplit.Encode(examples, Template, Backbone.InputEncoder, Input, _rows.Of);

    /// <summary>Makes the labels of examples.</summary>
    /// <param name="examples">The bound task's.</param>
    /// <returns>int64 <c>[rows]</c>, or float32 <c>[rows, outputs]</c> where the task has outputs.</returns>
    /// <exception cref="InvalidRunException">An example has no label; the message names it.</exception>
    public Tensor Labels(IReadOnlyList<Example> examples) => HasOneAnswer
        ? tensor((long[])[.. examples.Select(Label)], device: Device)
        : tensor((float[])[.. examples.SelectMany(Values)], (long[])[examples.Count, Task.Classes.Count], device: Device);

    /// <summary>Sets all parts to training or evaluation.</summary>
    /// <param name="training">Whether dropout of deltas, template and verbalizer acts.</param>
    /// <param name="backboneDropout">Whether the backbone's acts too, in training.</param>
    public void Train(bool training, bool backboneDropout)
    {
        Backbone.train(training && backboneDropout);
        Template.train(training);
        Verbalizer.train(training);
        foreach (Delta delta in Acting)
        {
            delta.Training = training;
        }
    }

    /// <summary>Runs a batch through the backbone.</summary>
    /// <param name="rows">Encoded prompts.</param>
    /// <returns>The hidden states that the verbalizer reads, whose batch the caller disposes.</returns>
    /// <remarks>With parallel lanes the batch holds every row once a lane.</remarks>
    public Hidden Forward(IReadOnlyList<EncodedInput> rows)
    {
        ModelBatch batch = Collate(rows);
        batch = Composite?.Repeat(batch) ?? batch;
        return Verbalizer is IMultiPassVerbalizer own ? own.Run(batch) : Backbone.Run(batch, Verbalizer.Reads);
    }

    /// <summary>Runs a batch through the backbone for something else than the verbalizer.</summary>
    /// <param name="rows">Encoded prompts.</param>
    /// <param name="reads">The one thing that will be read.</param>
    /// <returns>The hidden states, whose batch the caller disposes.</returns>
    /// <remarks>With parallel lanes the batch holds every row once a lane.</remarks>
    public Hidden Forward(IReadOnlyList<EncodedInput> rows, ReadOutKind reads)
    {
        ModelBatch batch = Collate(rows);
        return Backbone.Run(Composite?.Repeat(batch) ?? batch, reads);
    }

    /// <summary>Runs rows of a split through the backbone, from the states that are known of them where there are such.</summary>
    /// <param name="split">Encoded prompts.</param>
    /// <param name="rows">Which of them.</param>
    /// <returns>As <see cref="Forward(IReadOnlyList{EncodedInput})"/>.</returns>
    public Hidden Forward(EncodedSplit split, IReadOnlyList<int> rows)
        => split.States?.Forward(rows) ?? Forward([.. rows.Select(r => split.Rows[r])]);

    /// <summary>The deviation of the training labels of each output; 1 where no numbers are learned.</summary>
    public float[] Deviations() => _numbers?.Deviations() ?? [.. Task.Classes.Select(_ => 1f)];

    /// <summary>Lists what changes from step to step beside parameters and moments: the running statistics of norms, a method's budget.</summary>
    /// <param name="ofBackbone">Whether the backbone's own change too.</param>
    /// <returns>Each once, under a name that stays the same.</returns>
    public IEnumerable<(string Name, Tensor Value)> Buffers(bool ofBackbone)
        => Deltas.SelectMany((d, i) => d.Buffers().Select(b => ($"{i}.{b.Name}", b.Value)))
            .Concat(Template.named_buffers().Select(b => ($"template.{b.name}", b.buffer)))
            .Concat(Verbalizer.named_buffers().Select(b => ($"verbalizer.{b.name}", b.buffer)))
            .Concat(ofBackbone ? Backbone.named_buffers().Select(b => ($"backbone.{b.name}", b.buffer)) : [])
            .DistinctBy(b => b.Item2.Handle);

    /// <summary>Collates rows, each with the name that it is routed by.</summary>
    /// <param name="rows">Encoded prompts.</param>
    /// <returns>The batch, the caller's to dispose.</returns>
    public ModelBatch Collate(IReadOnlyList<EncodedInput> rows)
    {
        ModelBatch batch = Backbone.InputEncoder.Collate(rows, Device);
        return Composite is { RowNames.Count: > 0 } ? batch with { RowDeltas = [.. rows.Select(r => r.Delta)] } : batch;
    }

    /// <summary>Scores a batch; the scores of parallel lanes are averaged.</summary>
    /// <param name="hidden">What the backbone left.</param>
    /// <returns><c>[rows, classes]</c>; where numbers are learned, in the task's unit.</returns>
    public Tensor Score(Hidden hidden)
    {
        using IDisposable context = ForwardContext.Enter(hidden.Batch); // heads may have effects too
        Tensor scores = Verbalizer.Score(hidden);
        scores = Lanes == 1 ? scores : scores.view(Lanes, -1, scores.size(1)).mean([0L]);
        return _numbers?.Restore(scores) ?? scores;
    }

    /// <summary>Runs a whole split through the backbone, the longest rows first.</summary>
    /// <param name="split">Encoded prompts.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <returns>The rows of each batch and what they gave, which is freed when the next is asked for.</returns>
    public IEnumerable<(int[] Rows, Hidden Hidden)> Passes(EncodedSplit split, int batchSize)
    {
        foreach (int[] rows in BatchPlan.ByLength(split.Lengths, batchSize))
        {
            // No scope here: between two calls it would be the reader's, and take what the reader keeps.
            Hidden hidden = Forward(split, rows);
            yield return (rows, hidden);
            hidden.States.Dispose();
            hidden.Batch.Dispose();
        }
    }

    /// <summary>The loss of a batch without penalties, in nats; where numbers are learned, in variances of the training labels.</summary>
    /// <param name="hidden">What the backbone left.</param>
    /// <param name="labels">int64 <c>[rows]</c>; float32 <c>[rows, outputs]</c> where the task has outputs, NaN where a label is missing.</param>
    /// <returns>A scalar.</returns>
    /// <remarks>With parallel lanes, the mean over rows and lanes.</remarks>
    public Tensor Loss(Hidden hidden, Tensor labels)
    {
        using IDisposable context = ForwardContext.Enter(hidden.Batch);
        Tensor all = Lanes == 1 ? labels : HasOneAnswer ? labels.repeat(Lanes) : labels.repeat(Lanes, 1);
        return !HasOneAnswer ? OutputLoss.Mean(Task.Labels, Verbalizer.Score(hidden), _numbers?.Standardise(all) ?? all)
            : Verbalizer is ILossVerbalizer own ? own.Loss(hidden, all)
            : nn.functional.cross_entropy(Verbalizer.Score(hidden), all);
    }

    /// <summary>The loss of a batch by which rows belong together, in nats.</summary>
    /// <param name="hidden">What the backbone left.</param>
    /// <param name="groups">The number of each row's group, int64 <c>[rows]</c>.</param>
    /// <returns>A scalar.</returns>
    public Tensor GroupLoss(Hidden hidden, Tensor groups)
    {
        using IDisposable context = ForwardContext.Enter(hidden.Batch);
        return ((IGroupVerbalizer)Verbalizer).GroupLoss(hidden, Lanes == 1 ? groups : groups.repeat(Lanes));
    }

    /// <summary>The loss of a batch whose classes are known as probabilities q: −Σ q·log p, averaged over rows, in nats.</summary>
    /// <param name="hidden">What the backbone left.</param>
    /// <param name="probabilities">q, <c>[rows, classes]</c>.</param>
    /// <returns>A scalar.</returns>
    /// <remarks>Source: Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural Network", §2, https://arxiv.org/abs/1503.02531.</remarks>
    public Tensor SoftLoss(Hidden hidden, Tensor probabilities)
    {
        using IDisposable context = ForwardContext.Enter(hidden.Batch);
        Tensor all = Lanes == 1 ? probabilities : probabilities.repeat(Lanes, 1);
        Tensor logs = Verbalizer.Score(hidden).log_softmax(1); // log p, [rows, classes]
        return (all * logs).sum(dim: 1).neg().mean();
    }

    // A class or a node, and not several outputs.
    private bool HasOneAnswer => Task.Labels is LabelKind.Class or LabelKind.Node;

    private long Label(Example example) => example.Label ?? (LearnsTexts ? 0 : throw new InvalidRunException("task",
        $"training example '{example.Id}' has no label{(example.Targets.Count > 0 ? ", but a text: the verbalizer 'generation' learns texts" : "")}"));

    private IReadOnlyList<float> Values(Example example) => example.Values.Count == Task.Classes.Count
        ? example.Values
        : throw new InvalidRunException("task", $"must give example '{example.Id}' a label for each of its {Task.Classes.Count} outputs, but gives {example.Values.Count}");

    private int Lanes => Math.Max(1, Composite?.Lanes.Count ?? 0);
}
