using DeltaTune.Adapters.Bottleneck;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Tests.Bottleneck;

[TestFixture]
public sealed class BottleneckAdapterTests
{
    // f(1) and f(-2) by the definitions of the functions, in double precision.
    [TestCase(BottleneckActivation.GeluTanh, 0.8411919906, -0.0454023059)]
    [TestCase(BottleneckActivation.Gelu, 0.8413447461, -0.0455002639)]
    [TestCase(BottleneckActivation.Relu, 1, 0)]
    [TestCase(BottleneckActivation.Swish, 0.7310585786, -0.2384058440)]
    [TestCase(BottleneckActivation.Tanh, 0.7615941560, -0.9640275801)]
    public void Apply_OneUnit_IsTheEquation(BottleneckActivation activation, double atOne, double atMinusTwo)
    {
        using DisposeScope scope = NewDisposeScope();
        var site = new StreamSite("layers.0.conv", "net.0", 0, 1);
        using var adapter = new BottleneckAdapter(1, new BottleneckOptions { BottleneckSize = 1, NonLinearity = activation, Scaling = 3 }, CPU);
        using (no_grad())
        {
            adapter.get_parameter("down_proj.weight")!.fill_(2);
            adapter.get_parameter("down_proj.bias")!.fill_(-1);
            adapter.get_parameter("up_proj.weight")!.fill_(5);
            adapter.get_parameter("up_proj.bias")!.fill_(0.25);
        }

        site.Attach(adapter);
        float[] actual = [.. site.Call(tensor(new[] { 1f, -0.5f }).view(2, 1)).detach().data<float>()];

        // down: 2·1 - 1 = 1 and 2·(-0.5) - 1 = -2; y' = y + 3·(5·f + 0.25)
        Assert.That(actual, Is.EqualTo(new[] { 1 + (3 * ((5 * atOne) + 0.25)), -0.5 + (3 * ((5 * atMinusTwo) + 0.25)) }).Within(1e-5));
    }
}
