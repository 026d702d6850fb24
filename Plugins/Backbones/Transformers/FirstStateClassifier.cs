using DeltaTune.Batches;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>RoBERTa's classification head on the first token's state: W₂·tanh(W₁·h + b₁) + b₂, with dropout before each map.</summary>
/// <remarks>
/// Source: transformers, RobertaClassificationHead. Used for a BERT checkpoint without pooler too: the first map then takes the pooler's part.
/// </remarks>
internal sealed class FirstStateClassifier : Head
{
    private readonly double _dropout;
    [ComponentName(Name = "dense")]
    private readonly WeightNode _dense;
    [ComponentName(Name = "out_proj")]
    private readonly WeightNode _projection;

    public FirstStateClassifier(int hidden, int classes, double dropout, IReadOnlyDictionary<string, Tensor> checkpoint)
        : base("classifier")
    {
        _dropout = dropout;
        bool stored = ClassifierStart.Fits(checkpoint, "classifier.out_proj", classes);
        _dense = Node("dense", hidden);
        _projection = Node("out_proj", classes);
        RegisterComponents();

        WeightNode Node(string name, int output) => new(
            name,
            ClassifierStart.Value(checkpoint, $"classifier.{name}.weight", stored, [output, hidden]),
            ClassifierStart.Value(checkpoint, $"classifier.{name}.bias", stored, [output]));
    }

    /// <inheritdoc/>
    public override ReadOutKind Reads => ReadOutKind.Pooled;

    /// <inheritdoc/>
    public override Tensor forward(Hidden input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using DisposeScope scope = NewDisposeScope();
        Tensor first = nn.functional.dropout(KeptStates.First(input), _dropout, training);     // [rows, hidden]
        Tensor inner = nn.functional.linear(first, _dense.Weight, _dense.Bias).tanh();
        inner = nn.functional.dropout(inner, _dropout, training);
        return nn.functional.linear(inner, _projection.Weight, _projection.Bias).MoveToOuterDisposeScope();
    }
}
