using DeltaTune.Backbones;
using DeltaTune.Prompts;
using DeltaTune.Tasks;

namespace DeltaTune.Host.Training;

/// <summary>The examples of a split, wrapped and encoded once for all epochs, as plain arrays.</summary>
/// <remarks>Encoding ahead leaves nothing but padding to do at a step, so that a second thread would have no work worth handing over.</remarks>
internal sealed class EncodedSplit
{
    private EncodedSplit(IReadOnlyList<Example> examples, EncodedInput[] rows)
        => (Examples, Rows) = (examples, rows);

    /// <summary>Gets the examples.</summary>
    public IReadOnlyList<Example> Examples { get; }

    /// <summary>Gets their encoded prompts, in the same order.</summary>
    public EncodedInput[] Rows { get; }

    /// <summary>Gets the lengths, in tokens or nodes.</summary>
    public int[] Lengths => [.. Rows.Select(r => r.Length)];

    /// <summary>Gets or sets the states that are known of the rows; null where they are computed anew each time.</summary>
    public IKnownStates? States { get; set; }

    /// <summary>Wraps and encodes examples, on all cores.</summary>
    /// <param name="examples">Of the task that the template is bound to.</param>
    /// <param name="template">Bound.</param>
    /// <param name="encoder">The backbone's.</param>
    /// <param name="options">Length and truncation.</param>
    /// <param name="deltas">Gives the name that an example is routed by.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="InvalidRunException">An example does not fit; the message names it.</exception>
    public static EncodedSplit Encode(IReadOnlyList<Example> examples, Template template, InputEncoder encoder, EncodingOptions options, Func<Example, string?> deltas)
    {
        var rows = new EncodedInput[examples.Count];
        try
        {
            Parallel.For(0, rows.Length, i => rows[i] = encoder.Encode(template.Wrap(examples[i]), options) with { Delta = deltas(examples[i]) });
        }
        catch (AggregateException failures) when (failures.InnerExceptions.OfType<InvalidRunException>().Any())
        {
            throw failures.InnerExceptions.OfType<InvalidRunException>().First();
        }

        return new EncodedSplit(examples, rows);
    }
}
