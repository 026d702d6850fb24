using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>A class is as likely as an example is similar to the mean of its training examples: cos(s, s̃_c) / τ. It trains nothing of its own.</summary>
/// <remarks>
/// Source: Liu et al. 2023, "GraphPrompt: Unifying Pre-Training and Downstream Tasks for Graph Neural Networks", §4.3, equations 6 and 8, https://arxiv.org/abs/2302.08043. Differs from it: the means are
/// taken anew before each epoch, and are constants within it. Works on text and on graphs.
/// </remarks>
internal sealed class SimilarityVerbalizer : StateVerbalizer, IRefittedVerbalizer
{
    private readonly SimilarityVerbalizerOptions _options;

    /// <summary>Creates the verbalizer; what it compares with is made when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public SimilarityVerbalizer(SimilarityVerbalizerOptions options)
        : base("similarity")
        => _options = options;

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor s = nn.functional.normalize(States.Read(hidden), dim: 1), prototypes = nn.functional.normalize(get_buffer("prototypes")!, dim: 1);
        return nn.functional.linear(s, prototypes).div(_options.Temperature).MoveToOuterDisposeScope(); // [rows, classes]
    }

    /// <inheritdoc/>
    public bool FitsAfter(int epochs) => true;

    /// <inheritdoc/>
    public void Fit(IEnumerable<LabelledHidden> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        (Tensor states, Tensor labels) = LabelledStates.Gather(examples, States.Read);
        get_buffer("prototypes")!.copy_(LabelledStates.ClassMeans(states, labels, get_buffer("prototypes")!.size(0)));
    }

    /// <inheritdoc/>
    protected override StateReader Make(Backbone backbone, Template template, ITask task, Device device)
    {
        StateReader states = StateReader.Create(backbone, template, _options.Input);
        register_buffer("prototypes", zeros([task.Classes.Count, states.Features], device: device)); // s̃, [classes, features]
        return states;
    }
}
