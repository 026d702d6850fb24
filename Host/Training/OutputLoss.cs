using DeltaTune.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>The loss of tasks with several outputs, or with numbers, over the labels that are known.</summary>
internal static class OutputLoss
{
    /// <summary>The mean over all known labels of a batch: binary cross-entropy in nats, or the squared error.</summary>
    /// <param name="kind">Binary or number.</param>
    /// <param name="scores"><c>[rows, outputs]</c>: log odds, or the numbers themselves. Not disposed.</param>
    /// <param name="labels">float32 <c>[rows, outputs]</c>, NaN where a label is missing. Not disposed.</param>
    /// <returns>A scalar, in the current dispose scope; 0 where no label is known.</returns>
    public static Tensor Mean(LabelKind kind, Tensor scores, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor known = labels.isnan().logical_not().to(scores.dtype);                  // [rows, outputs]
        Tensor target = labels.nan_to_num(0).to(scores.dtype);
        Tensor each = kind == LabelKind.Binary
            ? scores.clamp_min(0) - (scores * target) + scores.abs().neg().exp().log1p() // log(1 + eˢ) - s·y, without overflow
            : (scores - target).square();
        return ((each * known).sum() / known.sum().clamp_min(1)).MoveToOuterDisposeScope();
    }

    /// <summary>The summed loss of one example as it is trained, and how many labels of it are known.</summary>
    /// <param name="kind">Binary or number.</param>
    /// <param name="scores">Of each output.</param>
    /// <param name="labels">Of each output, NaN where missing.</param>
    /// <param name="deviations">What an error of 1 is at each output, where numbers are learned.</param>
    public static (double Sum, int Known) Of(LabelKind kind, float[] scores, IReadOnlyList<float> labels, IReadOnlyList<float> deviations)
    {
        double sum = 0;
        int known = 0;
        for (int i = 0; i < labels.Count; i++)
        {
            if (float.IsNaN(labels[i])) { continue; }
            double s = scores[i], y = labels[i];
            sum += kind == LabelKind.Binary ? Math.Max(s, 0) - (s * y) + Math.Log(1 + Math.Exp(-Math.Abs(s))) : Math.Pow((s - y) / deviations[i], 2);
            known++;
        }

        return (sum, known);
    }
}
