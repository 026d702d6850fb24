using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Optim;

/// <summary>Optimisers on a least-squares problem in float64, against numbers recorded with PyTorch.</summary>
[TestFixture]
internal sealed class OptimizerTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope() => _scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    [TestCase("adamw")]
    [TestCase("adamw_amsgrad")]
    [TestCase("adamw_clip_0.3")]
    [TestCase("adam_l2")]
    [TestCase("sgd_momentum_nesterov")]
    [TestCase("adagrad")]
    [TestCase("rmsprop")]
    public void Step_RecordedRun_GivesTheSameNumbers(string name)
    {
        JsonElement golden = GoldenOptimizers.Load();
        JsonElement run = golden.GetProperty("optimizers").GetProperty(name);
        var problem = new Problem(golden.GetProperty("problem"));
        using optim.Optimizer optimizer = Make(name, [problem.W, problem.B]);
        double[] expected = run.GetProperty("losses").Numbers();
        double? clip = run.GetProperty("clip_grad_norm").ValueKind == JsonValueKind.Null ? null : run.GetProperty("clip_grad_norm").GetDouble();

        for (int step = 0; step < 15; step++)
        {
            optimizer.zero_grad();
            Tensor loss = problem.Loss();
            Assert.That(loss.item<double>(), Is.EqualTo(expected[step]).Within(1e-10), $"loss before step {step}"); // recorded with 12 digits
            loss.backward();
            if (clip is { } most)
            {
                nn.utils.clip_grad_norm_([problem.W, problem.B], most);
            }
            optimizer.step();
        }

        Assert.That(problem.W.data<double>().ToArray(), Is.EqualTo(run.GetProperty("W").Numbers()).Within(1e-10));
        Assert.That(problem.B.data<double>().ToArray(), Is.EqualTo(run.GetProperty("b").Numbers()).Within(1e-10));
    }

    [TestCase("adamw")]
    [TestCase("adamw_amsgrad")]
    [TestCase("sgd_momentum_nesterov")]
    [TestCase("adagrad")]
    [TestCase("rmsprop")]
    [TestCase("rmsprop_centered")]
    [TestCase("adamax")]
    public void Step_ManyTimes_LeavesNoTensors(string name)
    {
        var weight = new Parameter(ones(3, 2));
        using optim.Optimizer optimizer = Make(name, [weight]);
        long Step()
        {
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                weight.pow(2).sum().backward();
            }
            optimizer.step();
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Step();
        long first = Step();
        for (int step = 0; step < 20; step++)
        {
            Step();
        }

        Assert.That(Step(), Is.EqualTo(first));
        Assert.That(weight.pow(2).sum().item<float>(), Is.LessThan(6));
    }

    [TestCase("adamw_amsgrad")]
    [TestCase("sgd_momentum_nesterov")]
    [TestCase("adagrad")]
    [TestCase("rmsprop_centered")]
    [TestCase("adamax")]
    public void SaveAndLoad_HalfWay_GoesOnWithTheSameNumbers(string name)
    {
        var straight = new Parameter(full([3], 2, ScalarType.Float64));
        using var whole = (OptimizerHelper)Make(name, [straight]);
        Steps(whole, straight, 5);
        var resumed = new Parameter(straight.detach().clone());
        using var rest = (OptimizerHelper)Make(name, [resumed]);
        using var stream = new MemoryStream();
        whole.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        rest.load_state_dict(new BinaryReader(stream));
        var copied = new Parameter(straight.detach().clone());
        using var copy = (OptimizerHelper)Make(name, [copied]);
        copy.load_state_dict(whole.state_dict());

        Steps(whole, straight, 5);
        Steps(rest, resumed, 5);
        Steps(copy, copied, 5);

        Assert.That(resumed.data<double>().ToArray(), Is.EqualTo(straight.data<double>().ToArray()));
        Assert.That(copied.data<double>().ToArray(), Is.EqualTo(straight.data<double>().ToArray()));
    }

    [Test]
    public void ParamGroups_OwnSettings_FillTheRestFromTheDefaults()
    {
        var a = new Parameter(ones(1));
        var b = new Parameter(ones(1));
        using AdamW optimizer = optim.AdamW(
            [new AdamW.ParamGroup([a], new AdamW.Options { LearningRate = 0.5 }), new AdamW.ParamGroup([b], new AdamW.Options { weight_decay = 0.25 })],
            lr: 0.1, beta1: 0.7);

        optim.ILearningRateController[] groups = [.. optimizer.ParamGroups];

        Assert.That(groups.Select(group => group.LearningRate), Is.EqualTo(new[] { 0.5, 0.1 }));
        Assert.That(((AdamW.ParamGroup)groups[1]).Options.weight_decay, Is.EqualTo(0.25));
        Assert.That(((AdamW.ParamGroup)groups[0]).Options.weight_decay, Is.Zero);
        Assert.That(((AdamW.ParamGroup)groups[1]).Betas, Is.EqualTo((0.7, 0.999)));
    }

    [Test]
    public void Step_ParameterWithoutGradient_StaysAsItIs()
    {
        var a = new Parameter(ones(2));
        var b = new Parameter(ones(2));
        using AdamW optimizer = optim.AdamW([a, b], weight_decay: 0.5);
        a.sum().backward();

        optimizer.step();

        Assert.That(b.sum().item<float>(), Is.EqualTo(2));
        Assert.That(a.sum().item<float>(), Is.LessThan(2));
        Assert.That(a.requires_grad && a.is_leaf, Is.True);
    }

    [Test]
    public void Step_Closure_RecordsGradientsAndGivesTheLoss()
    {
        var a = new Parameter(full([1], 3, ScalarType.Float64));
        using SGD optimizer = optim.SGD([a], 0.5);

        Tensor? loss = optimizer.step(() =>
        {
            Tensor value = a.pow(2).sum();
            value.backward();
            return value;
        });

        Assert.That(loss!.item<double>(), Is.EqualTo(9));
        Assert.That(a.item<double>(), Is.EqualTo(0)); // 3 − 0.5·6
    }

    [Test]
    public void Adamax_FirstStep_MovesByTheLearningRate()
    {
        var a = new Parameter(full([1], 3, ScalarType.Float64));
        using Adamax optimizer = optim.Adamax([a], lr: 0.1);
        a.pow(2).sum().backward();

        optimizer.step();

        Assert.That(a.item<double>(), Is.EqualTo(2.9).Within(1e-9)); // m/(1 − β₁) = g, u = |g| + ε
    }

    [Test]
    public void ClipGradNorm_TwoParameters_ScalesThemTogether()
    {
        var a = new Parameter(zeros(2, ScalarType.Float64));
        var b = new Parameter(zeros(1, ScalarType.Float64));
        a.grad = tensor(new[] { 2.0, 3.0 });
        b.grad = tensor(new[] { 6.0 });

        double norm = nn.utils.clip_grad_norm_([a, b], 3.5);

        Assert.That(norm, Is.EqualTo(7).Within(1e-12)); // √(4 + 9 + 36)
        Assert.That(a.grad!.data<double>().ToArray(), Is.EqualTo(new[] { 1.0, 1.5 }).Within(1e-6)); // the divisor has 1e-6 added
        Assert.That(nn.utils.clip_grad_norm_([a, b], 100, double.PositiveInfinity), Is.EqualTo(3).Within(1e-6));
        nn.utils.clip_grad_value_([a, b], 0.5);
        Assert.That(b.grad!.item<double>(), Is.EqualTo(0.5));
    }

    [Test]
    public void VectorOfParameters_ThereAndBack_IsTheSame()
    {
        var a = new Parameter(ones(2, 2));
        var b = new Parameter(zeros(3));

        Tensor vector = nn.utils.parameters_to_vector([a, b]);
        nn.utils.vector_to_parameters(arange(7).to(ScalarType.Float32), [a, b]);

        Assert.That(vector.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 1, 1, 1, 0, 0, 0 }));
        Assert.That(b.data<float>().ToArray(), Is.EqualTo(new float[] { 4, 5, 6 }));
        Assert.That(() => nn.utils.vector_to_parameters(zeros(6), [a, b]), Throws.ArgumentException.With.Message.Contains("must be [7]"));
    }

    private static void Steps(optim.Optimizer optimizer, Parameter parameter, int count)
    {
        for (int step = 0; step < count; step++)
        {
            optimizer.zero_grad();
            parameter.pow(2).sum().backward();
            optimizer.step();
        }
    }

    private static optim.Optimizer Make(string name, Parameter[] parameters) => name switch
    {
        "adamw" or "adamw_clip_0.3" => optim.AdamW(parameters, 0.05, weight_decay: 0.1),
        "adamw_amsgrad" => optim.AdamW(parameters, 0.05, weight_decay: 0.1, amsgrad: true),
        "adam_l2" => optim.Adam(parameters, 0.05, weight_decay: 0.1),
        "sgd_momentum_nesterov" => optim.SGD(parameters, 0.05, 0.9, weight_decay: 0.01, nesterov: true),
        "adagrad" => optim.Adagrad(parameters, 0.1),
        "rmsprop" => optim.RMSProp(parameters, 0.02, 0.9),
        "rmsprop_centered" => optim.RMSProp(parameters, 0.02, 0.9, momentum: 0.5, centered: true),
        "adamax" => optim.Adamax(parameters),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such optimiser"),
    };

    private sealed class Problem
    {
        private readonly Tensor _x; // [8, 4]
        private readonly Tensor _y; // [8, 3]

        internal Problem(JsonElement golden)
        {
            Tensor Read(string key, params long[] shape) => tensor(golden.GetProperty(key).Numbers()).reshape(shape);
            W = new Parameter(Read("W0", 4, 3));
            B = new Parameter(Read("b0", 3));
            _x = Read("X", 8, 4);
            _y = Read("Y", 8, 3);
        }

        internal Parameter W { get; }

        internal Parameter B { get; }

        internal Tensor Loss() => _x.mm(W).add(B).sub(_y).pow(2).mean();
    }
}
