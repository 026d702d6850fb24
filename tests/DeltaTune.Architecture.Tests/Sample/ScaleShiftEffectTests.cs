using ScaleShift;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Architecture.Tests.Sample;

public sealed class ScaleShiftEffectTests
{
    [TestCase(1.0, new float[] { 21, -2 })]  // 2·10 + 1, 0.5·(-4) + 0
    [TestCase(0.5, new float[] { 15.5f, -3 })] // half of the change: 1.5·10 + 0.5, 0.75·(-4) + 0
    [TestCase(0.0, new float[] { 10, -4 })]
    public void Apply_WithStrength_ScalesAndShifts(double strength, float[] expected)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        using var effect = new ScaleShiftEffect(2, CPU) { Strength = strength };
        effect.get_parameter("scale")!.copy_(tensor(new float[] { 2, 0.5f }));
        effect.get_parameter("shift")!.copy_(tensor(new float[] { 1, 0 }));

        Tensor actual = effect.Apply(tensor(new float[] { 10, -4 }), static x => x.alias());

        Assert.That(actual.data<float>().ToArray(), Is.EqualTo(expected));
    }
}
