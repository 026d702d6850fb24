using DeltaTune.Backbones;
using DeltaTune.Batches;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests;

internal sealed class FakeHead : Head
{
    private readonly Linear _linear;

    public FakeHead(long hidden, int classes)
        : base("classifier")
    {
        _linear = nn.Linear(hidden, classes);
        register_module("linear", _linear);
    }

    public override ReadOutKind Reads => ReadOutKind.Pooled;

    public override Tensor forward(Hidden hidden) => _linear.call(hidden.States.mean([1]));
}
