using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>What verbalizers that put something among the training examples ask of them.</summary>
internal static class LabelledStates
{
    /// <summary>Gathers the states of all examples.</summary>
    /// <param name="examples">Batches; what is kept of them is copied.</param>
    /// <param name="reader">Reads a vector a row.</param>
    /// <returns>float32 <c>[examples, features]</c> and int64 <c>[examples]</c>, in the current dispose scope.</returns>
    /// <exception cref="InvalidRunException">There are none.</exception>
    public static (Tensor States, Tensor Labels) Gather(IEnumerable<LabelledHidden> examples, Func<Hidden, Tensor> reader)
    {
        List<Tensor> states = [], labels = [];
        foreach (LabelledHidden batch in examples)
        {
            states.Add(reader(batch.Hidden).clone()); // the batch's own may be gone when all are there
            labels.Add(batch.Labels.clone());
        }

        return states.Count > 0
            ? (cat(states, 0), cat(labels, 0))
            : throw new InvalidRunException("task", "must have training examples, since classes are put among them, but has none");
    }

    /// <summary>The mean state of each class.</summary>
    /// <returns><c>[classes, features]</c>, in the current dispose scope.</returns>
    /// <exception cref="InvalidRunException">A class has no example.</exception>
    public static Tensor ClassMeans(Tensor states, Tensor labels, long classes)
    {
        Tensor member = Members(labels, classes);                                                            // [examples, classes]
        Tensor counts = member.sum(0L);                                                                       // [classes]
        Tensor least = counts.min(), where = counts.argmin();
        return least.item<float>() > 0
            ? member.t().mm(states) / counts.unsqueeze(1)
            : throw new InvalidRunException("task", $"must have training examples of every class, since classes are put among them, but has none of class {where.item<long>()}");
    }

    /// <summary>Tells which examples are of which class.</summary>
    /// <returns>1 or 0, float32 <c>[examples, classes]</c>, in the current dispose scope.</returns>
    public static Tensor Members(Tensor labels, long classes) => labels.unsqueeze(1).eq(arange(classes, device: labels.device)).to(ScalarType.Float32);
}
