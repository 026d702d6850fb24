using DeltaTune.Batches;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>One linear map from the pooled vector of a graph, or from a node's state, to class scores.</summary>
/// <remarks>Source: snap-stanford/pretrain-gnns, chem/model.py, GNN_graphpred. Starts as torch's Linear where the checkpoint has none of that size.</remarks>
internal sealed class GraphHead : Head
{
    private readonly Func<Hidden, Tensor> _pooled;
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // [classes, hidden]
    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;   // [classes]

    /// <param name="backbone">Gives the pooled vectors.</param>
    /// <param name="name">The head's path in the checkpoint.</param>
    /// <param name="hidden">The size of a pooled vector.</param>
    /// <param name="classes">How many scores it gives.</param>
    /// <param name="checkpoint">The checkpoint's head by name; empty without.</param>
    /// <param name="device">Where the backbone is.</param>
    public GraphHead(Backbone backbone, string name, int hidden, int classes, IReadOnlyDictionary<string, Tensor> checkpoint, Device device)
        : base(name)
    {
        var pooled = new ReadOut(ReadOutKind.Pooled);
        _pooled = states => backbone.Read(states, pooled);
        bool stored = checkpoint.TryGetValue(name + ".weight", out Tensor? weight) && weight.size(0) == classes && weight.size(1) == hidden;
        _weight = Parameter("weight", classes, hidden);
        _bias = Parameter("bias", classes);
        RegisterComponents();

        Parameter Parameter(string own, params long[] shape)
        {
            double bound = 1 / Math.Sqrt(hidden);
            using Tensor value = stored ? checkpoint[$"{name}.{own}"].clone() : empty(shape).uniform_(-bound, bound);
            return new Parameter(value.to(device, copy: true));
        }
    }

    /// <inheritdoc/>
    public override ReadOutKind Reads => ReadOutKind.Pooled;

    /// <inheritdoc/>
    public override Tensor forward(Hidden input)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.linear(_pooled(input), _weight, _bias).MoveToOuterDisposeScope(); // [rows, hidden] -> [rows, classes]
    }
}
