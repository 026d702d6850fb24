using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Nn;

[TestFixture]
internal sealed class HookTests
{
    [Test]
    public void Hooks_CallAndForward_FireThroughCallAlone()
    {
        using var scope = NewDisposeScope();
        using Linear linear = nn.Linear(2, 3);
        int before = 0, after = 0;
        linear.register_forward_pre_hook((module, input) => { before++; return null!; });
        linear.register_forward_hook((module, input, output) => { after++; return null!; });

        linear.forward(ones(1, 2));
        linear.call(ones(1, 2));

        Assert.That((before, after), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Hooks_ReturningValues_ReplaceInputAndResult()
    {
        using var scope = NewDisposeScope();
        using Linear linear = nn.Linear(new Parameter(eye(2)));
        linear.register_forward_pre_hook((module, input) => input * 10);
        linear.register_forward_hook((module, input, output) => output + input); // the replaced input: 10 + 10

        Tensor result = linear.call(ones(1, 2));

        Assert.That(result.sum().item<float>(), Is.EqualTo(40));
    }

    [Test]
    public void Remove_Hook_IsGone()
    {
        using var scope = NewDisposeScope();
        using Linear linear = nn.Linear(2, 3);
        int calls = 0;
        var first = linear.register_forward_hook(module => calls++);
        var second = linear.register_forward_pre_hook(module => calls += 10);

        first.remove();
        first.remove();
        linear.call(ones(1, 2));

        Assert.That(calls, Is.EqualTo(10));
        second.remove();
        linear.call(ones(1, 2));
        Assert.That(calls, Is.EqualTo(10));
    }

    [Test]
    public void Hooks_TwoInputs_ReplaceBoth()
    {
        using var scope = NewDisposeScope();
        using MSELoss loss = nn.MSELoss(nn.Reduction.Sum);
        loss.register_forward_pre_hook((module, input, target) => (input * 3, target));

        Assert.That(loss.call(ones(2), ones(2)).item<float>(), Is.EqualTo(8)); // 2·(3 − 1)²
    }
}
