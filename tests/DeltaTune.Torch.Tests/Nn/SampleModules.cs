using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Nn;

/// <summary>A block with every kind of component, in an order that a sort would change.</summary>
internal sealed class SampleBlock : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _scale;
    [ComponentName(Name = "second")] private readonly Linear _b;
    [ComponentName(Name = "first")] private readonly Linear _a;
    [ComponentName(Name = "mean")] private readonly Tensor _mean;
    private readonly string _notAComponent = "text";

    internal SampleBlock(long width = 3)
        : base(nameof(SampleBlock))
    {
        _scale = new Parameter(ones(width));
        _b = nn.Linear(width, width);
        _a = nn.Linear(width, width, hasBias: false);
        _mean = zeros(width);
        RegisterComponents();
    }

    internal string Text => _notAComponent;

    internal Linear First => _a;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (_b.call(_a.call(input)) * _scale + _mean).MoveToOuterDisposeScope();
    }
}

/// <summary>Two maps that share one weight.</summary>
internal sealed class TiedPair : nn.Module<Tensor, Tensor>
{
    private readonly Linear _down;
    private readonly Linear _up;

    internal TiedPair()
        : base(nameof(TiedPair))
    {
        var weight = new Parameter(eye(3));
        _down = nn.Linear(weight);
        _up = nn.Linear(weight);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _up.call(_down.call(input));
}
