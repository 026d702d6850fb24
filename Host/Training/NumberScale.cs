using DeltaTune.Prompts;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>Where the numbers of a task lie: a verbalizer's score s of an output stands for σ·s + μ, with the mean μ and the deviation σ of the training labels.</summary>
/// <remarks>
/// So the loss is that of labels with mean 0 and deviation 1, and a learning rate suits every unit; scores leave the model in the task's unit. μ and σ are buffers of the verbalizer,
/// written and read with whatever else it has learned.
/// </remarks>
internal sealed class NumberScale : nn.Module
{
    private const string ChildName = "targets", MeanName = "mean", DeviationName = "deviation";

    private NumberScale(float[] means, float[] deviations, Device device)
        : base(nameof(NumberScale))
    {
        register_buffer(MeanName, tensor(means, device: device));           // μ [outputs]
        register_buffer(DeviationName, tensor(deviations, device: device)); // σ [outputs]
    }

    private Tensor Mean => get_buffer(MeanName)!;

    private Tensor Deviation => get_buffer(DeviationName)!;

    /// <summary>Gives a verbalizer the scale of its task's numbers; nothing happens where the task has none.</summary>
    /// <param name="verbalizer">Bound. The scale is its child from here on.</param>
    /// <param name="task">The task that it is bound to.</param>
    /// <param name="train">Examples with labels; where there are none, as when a saved run is read, the scale is 1 and waits to be filled.</param>
    /// <param name="device">Where the scores will be.</param>
    public static void Give(Verbalizer verbalizer, ITask task, IReadOnlyList<Example> train, Device device)
    {
        if (task.Labels == LabelKind.Number && Of(verbalizer) is null)
        {
            (float Mean, float Deviation)[] scales = [.. Enumerable.Range(0, task.Classes.Count).Select(output => Scale(train, output))];
            verbalizer.register_module(ChildName, new NumberScale([.. scales.Select(s => s.Mean)], [.. scales.Select(s => s.Deviation)], device));
        }
    }

    /// <summary>Finds the scale of a verbalizer.</summary>
    /// <param name="verbalizer">Bound.</param>
    /// <returns>Null where its scores are no numbers of a task.</returns>
    public static NumberScale? Of(Verbalizer verbalizer) => verbalizer.named_children().Select(c => c.module).OfType<NumberScale>().FirstOrDefault();

    /// <summary>Brings labels to mean 0 and deviation 1.</summary>
    /// <param name="labels"><c>[rows, outputs]</c>, NaN where one is missing. Not disposed.</param>
    /// <returns>A new tensor of the same shape, NaN in the same places.</returns>
    public Tensor Standardise(Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        return ((labels - Mean) / Deviation).MoveToOuterDisposeScope();
    }

    /// <summary>Brings scores to the labels' unit.</summary>
    /// <param name="scores"><c>[rows, outputs]</c>. Not disposed.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Restore(Tensor scores)
    {
        using DisposeScope scope = NewDisposeScope();
        return ((scores * Deviation) + Mean).MoveToOuterDisposeScope();
    }

    /// <summary>Reads σ of each output.</summary>
    public float[] Deviations()
    {
        using Tensor read = Deviation.cpu();
        using TensorAccessor<float> values = read.data<float>();
        return values.ToArray();
    }

    // Of the known labels alone; of equal ones, a deviation of 1, which divides nothing by nothing.
    private static (float Mean, float Deviation) Scale(IReadOnlyList<Example> train, int output)
    {
        double[] known = [.. train.Where(e => e.Values.Count > output).Select(e => (double)e.Values[output]).Where(double.IsFinite)];
        double mean = known.Length == 0 ? 0 : known.Average();
        double deviation = known.Length == 0 ? 0 : Math.Sqrt(known.Average(v => (v - mean) * (v - mean)));
        return ((float)mean, deviation > 0 ? (float)deviation : 1);
    }
}
