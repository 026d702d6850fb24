using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Nn;

[TestFixture]
internal sealed class ContainerTests
{
    [Test]
    public void ModuleList_InsertAndSet_RegistrationFollows()
    {
        using var scope = NewDisposeScope();
        using ModuleList<nn.Module> list = nn.ModuleList<nn.Module>(nn.Linear(1, 2), nn.Linear(2, 3));

        list.Insert(1, nn.ReLU());
        list[0] = nn.Identity();

        Assert.That(list.named_children().Select(pair => $"{pair.name} {pair.module.GetName()}"), Is.EqualTo(new[] { "0 Identity", "1 ReLU", "2 Linear" }));
        Assert.That(list.named_parameters().Select(pair => pair.name), Is.EqualTo(new[] { "2.weight", "2.bias" }));
    }

    [Test]
    public void ModuleDict_Keys_KeepOrder()
    {
        using var scope = NewDisposeScope();
        using ModuleDict<Linear> dictionary = nn.ModuleDict(("z", nn.Linear(1, 2, hasBias: false)), ("a", nn.Linear(2, 3, hasBias: false)));

        Assert.That(dictionary.Keys, Is.EqualTo(new[] { "z", "a" }));
        Assert.That(dictionary.named_parameters().Select(pair => pair.name), Is.EqualTo(new[] { "z.weight", "a.weight" }));
        Assert.That(dictionary["a"].out_features, Is.EqualTo(3));
        Assert.That(dictionary.Remove("z"), Is.True);
        Assert.That(dictionary.Count, Is.EqualTo(1));
    }

    [Test]
    public void ParameterList_AndDict_AreSaved()
    {
        using var scope = NewDisposeScope();
        using ParameterList list = nn.ParameterList(new Parameter(ones(1)), new Parameter(ones(2)));
        using ParameterDict dictionary = nn.ParameterDict(("b", new Parameter(ones(1))), ("a", new Parameter(ones(2))));

        Assert.That(list.state_dict().Keys, Is.EqualTo(new[] { "0", "1" }));
        Assert.That(dictionary.state_dict().Keys, Is.EqualTo(new[] { "b", "a" }));
        list.to(ScalarType.Float64);
        Assert.That(list[1].dtype, Is.EqualTo(ScalarType.Float64));
    }

    [Test]
    public void Sequential_Call_RunsInOrderAndLeavesOneTensor()
    {
        using var scope = NewDisposeScope();
        using Sequential chain = nn.Sequential(("in", nn.Linear(2, 4)), ("act", nn.ReLU()), ("out", nn.Linear(4, 3)));
        using Tensor input = ones(5, 2);
        using IDisposable mode = no_grad();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Tensor output = chain.call(input);

        Assert.That(output.shape, Is.EqualTo(new long[] { 5, 3 }));
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, Is.EqualTo(1));
        Assert.That(chain.named_parameters().Select(pair => pair.name), Is.EqualTo(new[] { "in.weight", "in.bias", "out.weight", "out.bias" }));
        Assert.That(chain[1..].Count, Is.EqualTo(2));
    }

    [Test]
    public void Parameter_FromTensor_EmptiesItAndIsALeaf()
    {
        using var scope = NewDisposeScope();
        Tensor plain = ones(3);
        Tensor computed = new Parameter(ones(3)) * 2;

        var first = new Parameter(plain);
        var second = new Parameter(computed, requires_grad: false);

        Assert.That(plain.IsInvalid, Is.True);
        Assert.That(first.requires_grad && first.is_leaf, Is.True);
        Assert.That(second.is_leaf && !second.requires_grad, Is.True);
        Assert.That(second.sum().item<float>(), Is.EqualTo(6));
    }
}
