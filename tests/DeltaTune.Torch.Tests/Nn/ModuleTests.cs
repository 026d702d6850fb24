using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Nn;

[TestFixture]
internal sealed class ModuleTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope() => _scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    [Test]
    public void RegisterComponents_Fields_AreNamedInOrderOfDeclaration()
    {
        using var block = new SampleBlock();

        Assert.That(block.named_parameters().Select(pair => pair.name), Is.EqualTo(new[] { "_scale", "second.weight", "second.bias", "first.weight" }));
        Assert.That(block.named_buffers().Select(pair => pair.name), Is.EqualTo(new[] { "mean" }));
        Assert.That(block.named_children().Select(pair => pair.name), Is.EqualTo(new[] { "second", "first" }));
    }

    [Test]
    public void StateDict_NestedModules_HasAllParametersThenAllBuffers()
    {
        using var list = nn.ModuleList(new SampleBlock(), new SampleBlock());

        Assert.That(list.state_dict().Keys, Is.EqualTo(new[]
        {
            "0._scale", "0.second.weight", "0.second.bias", "0.first.weight",
            "1._scale", "1.second.weight", "1.second.bias", "1.first.weight",
            "0.mean", "1.mean",
        }));
    }

    [Test]
    public void NamedModules_NestedModules_ComeBeforeWhatTheyHold()
    {
        using var list = nn.ModuleList<nn.Module>(new SampleBlock(), nn.ReLU());

        Assert.That(list.named_modules().Select(pair => pair.name), Is.EqualTo(new[] { "0", "1", "0.second", "0.first" }));
    }

    [Test]
    public void NamedParameters_SharedWeight_ComesOnceButIsSavedUnderBothNames()
    {
        using var pair = new TiedPair();

        Assert.That(pair.named_parameters().Select(entry => entry.name), Is.EqualTo(new[] { "_down.weight" }));
        Assert.That(pair.state_dict().Keys, Is.EqualTo(new[] { "_down.weight", "_up.weight" }));
    }

    [Test]
    public void To_SharedWeight_StaysSharedAndUsable()
    {
        using var pair = new TiedPair();

        pair.to(ScalarType.Float64);

        Assert.That(pair.parameters().Count(), Is.EqualTo(1));
        Assert.That(pair.call(ones(2, 3, ScalarType.Float64)).dtype, Is.EqualTo(ScalarType.Float64));
    }

    [Test]
    public void To_ElementType_LeavesWholeNumbersAlone()
    {
        using BatchNorm1d norm = nn.BatchNorm1d(4);

        BatchNorm1d moved = norm.to(ScalarType.Float64);

        Assert.That(moved, Is.SameAs(norm));
        Assert.That(norm.weight.dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(norm.running_var!.dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(norm.num_batches_tracked!.dtype, Is.EqualTo(ScalarType.Int64));
        Assert.That(norm.weight.requires_grad, Is.True);
    }

    [Test]
    public void RegisterModule_TakenName_Throws()
    {
        using var block = new SampleBlock();

        Assert.That(
            () => block.register_module("first", nn.ReLU()),
            Throws.InvalidOperationException.With.Message.EqualTo("SampleBlock: a module named 'first' is already registered; remove it first or take another name"));
    }

    [Test]
    public void RegisterComponents_BuiltInModule_AddsNothingToItsOwnNames()
    {
        using var list = nn.ModuleList<nn.Module>(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.LSTM(3, 4));

        string[] names = [.. list.children().SelectMany(module => module.state_dict().Keys)];

        Assert.That(names, Is.EqualTo(new[]
        {
            "weight", "bias", "weight", "bias", "running_mean", "running_var", "num_batches_tracked",
            "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0",
        }));
        Assert.That(list.get_parameter("0._weight"), Is.Null);
    }

    [Test]
    public void To_SetWeightThenMove_MovesTheNewOneAlone()
    {
        using var list = nn.ModuleList(nn.Linear(2, 3));

        list[0].weight = new Parameter(ones(3, 2));
        list.to(ScalarType.Float64);

        Assert.That(list[0].weight.dtype, Is.EqualTo(ScalarType.Float64));
    }

    [Test]
    public void RegisterModule_NullThenAnother_GoesLast()
    {
        using var block = new SampleBlock();

        block.register_module("second", null!);
        block.register_module("second", nn.Identity());

        Assert.That(block.named_children().Select(pair => pair.name), Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public void RegisterModule_NameWithDot_Throws()
    {
        using var block = new SampleBlock();

        Assert.That(() => block.register_module("a.b", nn.ReLU()), Throws.ArgumentException);
    }

    [Test]
    public void RegisterBuffer_OnParameterlessModule_Throws()
    {
        using ReLU relu = nn.ReLU();

        Assert.That(() => relu.register_buffer("x", ones(1)), Throws.InvalidOperationException.With.Message.Contains("ReLU can hold no buffer"));
    }

    [Test]
    public void NamedBuffers_NotPersistent_AreLeftOut()
    {
        using var block = new SampleBlock();

        block.register_buffer("positions", arange(4), persistent: false);

        Assert.That(block.named_buffers().Select(pair => pair.name), Has.None.EqualTo("positions"));
        Assert.That(block.get_buffer("positions"), Is.Not.Null);
    }

    [Test]
    public void GetParameter_DottedName_FindsOrGivesNull()
    {
        using var list = nn.ModuleList(new SampleBlock());

        Assert.That(list.get_parameter("0.first.weight"), Is.SameAs(list[0].First.weight));
        Assert.That(list.get_parameter("0.first.nothing"), Is.Null);
        Assert.That(list.get_parameter("7.first.weight"), Is.Null);
        Assert.That(list.has_buffer("0.mean"), Is.True);
    }

    [Test]
    public void LoadStateDict_BroadcastableShape_ThrowsAndChangesNothing()
    {
        using var block = new SampleBlock();
        Dictionary<string, Tensor> source = block.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone().add_(1));
        source["first.weight"] = ones(1, 3);

        Assert.That(
            () => block.load_state_dict(source),
            Throws.ArgumentException.With.Message.StartsWith("SampleBlock: 'first.weight' must have the shape [3, 3], but what is to be loaded has [1, 3]"));
        Assert.That(block.get_parameter("_scale")!.sum().item<float>(), Is.EqualTo(3));
    }

    [Test]
    public void LoadStateDict_OtherElementType_IsConverted()
    {
        using var block = new SampleBlock();
        Dictionary<string, Tensor> source = block.state_dict().ToDictionary(pair => pair.Key, pair => full_like(pair.Value.detach(), 2).to(ScalarType.Float64));

        (IList<string> missing, IList<string> unexpected) = block.load_state_dict(source);

        Assert.That(missing.Concat(unexpected), Is.Empty);
        Assert.That(block.First.weight.sum().item<float>(), Is.EqualTo(18));
        Assert.That(block.First.weight.dtype, Is.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void LoadStateDict_NamesDiffer_ThrowsUnlessTold()
    {
        using var block = new SampleBlock();
        var source = new Dictionary<string, Tensor> { ["_scale"] = zeros(3), ["other"] = zeros(3) };

        Assert.That(() => block.load_state_dict(source), Throws.InvalidOperationException.With.Message.Contains("other"));
        (IList<string> missing, IList<string> unexpected) = block.load_state_dict(source, strict: false);
        Assert.That(missing, Is.EqualTo(new[] { "second.weight", "second.bias", "first.weight", "mean" }));
        Assert.That(unexpected, Is.EqualTo(new[] { "other" }));
        Assert.That(block.get_parameter("_scale")!.sum().item<float>(), Is.Zero);
    }

    [Test]
    public void Eval_NestedModules_AllFollow()
    {
        using var block = new SampleBlock();

        block.eval();

        Assert.That(block.modules().Append(block).Select(module => module.training), Has.All.False);
        block.train();
        Assert.That(block.First.training, Is.True);
    }

    [Test]
    public void ZeroGrad_ByDefault_DropsGradients()
    {
        using var block = new SampleBlock();
        block.call(ones(2, 3)).sum().backward();
        Assert.That(block.First.weight.grad, Is.Not.Null);

        block.zero_grad(set_to_none: false);
        Assert.That(block.First.weight.grad!.abs().sum().item<float>(), Is.Zero);
        block.zero_grad();
        Assert.That(block.First.weight.grad, Is.Null);
    }

    [Test]
    public void Registration_InsideScope_OutlivesIt()
    {
        SampleBlock block;
        using (NewDisposeScope())
        {
            block = new SampleBlock();
        }

        Assert.That(block.call(ones(2, 3)).shape, Is.EqualTo(new long[] { 2, 3 }));
        block.Dispose();
        Assert.That(block.First.weight.IsInvalid, Is.True);
    }

    [Test]
    public void Apply_NestedModules_GoesFromInsideOut()
    {
        using var block = new SampleBlock();
        List<string> seen = [];

        block.apply(module => seen.Add(module.GetName()));

        Assert.That(seen, Is.EqualTo(new[] { "Linear", "Linear", "SampleBlock" }));
    }
}
