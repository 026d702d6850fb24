using DeltaTune.Batches;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>BERT's classification head: dropout, then one linear map on the pooled vector.</summary>
/// <remarks>Source: google-research/bert, run_classifier.py, create_model; the module's name as in transformers.</remarks>
internal sealed class PooledClassifier : Head
{
    private readonly Func<Hidden, Tensor> _pooled;
    private readonly double _dropout;
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // [classes, hidden]
    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;   // [classes]

    public PooledClassifier(Backbone backbone, int hidden, int classes, double dropout, IReadOnlyDictionary<string, Tensor> checkpoint)
        : base("classifier")
    {
        var pooled = new ReadOut(ReadOutKind.Pooled);
        _pooled = states => backbone.Read(states, pooled);
        _dropout = dropout;
        bool stored = ClassifierStart.Fits(checkpoint, "classifier", classes);
        _weight = ClassifierStart.Parameter(checkpoint, "classifier.weight", stored, [classes, hidden]);
        _bias = ClassifierStart.Parameter(checkpoint, "classifier.bias", stored, [classes]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override ReadOutKind Reads => ReadOutKind.Pooled;

    /// <inheritdoc/>
    public override Tensor forward(Hidden input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pooled = nn.functional.dropout(_pooled(input), _dropout, training);               // [rows, hidden]
        return nn.functional.linear(pooled, _weight, _bias).MoveToOuterDisposeScope();           // [rows, classes]
    }
}
