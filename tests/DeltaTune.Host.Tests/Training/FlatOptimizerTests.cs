using DeltaTune.Host.Training;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Training;

/// <summary>Numbers of PyTorch 1.13's optimisers on a small least-squares problem (golden/optimizers).</summary>
internal sealed class FlatOptimizerTests
{
    // What is decayed: the golden runs decay the bias too, so it is given as a matrix here.
    [TestCase("adamw", 0)]
    [TestCase("adamw_clip_0.3", 0.3)]
    [TestCase("adam_l2", 0)]
    public void Step_FifteenTimes_GivesPyTorchsNumbers(string name, double clip)
    {
        JObject golden = Golden();
        using DisposeScope scope = NewDisposeScope();
        JToken problem = golden["problem"]!, expected = golden["optimizers"]![name]!;
        Tensor w = new TorchSharp.Modules.Parameter(Read(problem["W0"]!));
        Tensor b = new TorchSharp.Modules.Parameter(Read(problem["b0"]!).unsqueeze(0));
        Tensor x = Read(problem["X"]!), y = Read(problem["Y"]!);
        using var flat = new FlatParameters([new TrainedTensor("the test", "W", w), new TrainedTensor("the test", "b", b)]);
        using var optimizer = new FlatAdam(flat, weightDecay: 0.1, decoupled: name.StartsWith("adamw", StringComparison.Ordinal));

        List<double> losses = [];
        for (int i = 0; i < 15; i++)
        {
            flat.ClearGradients();
            Tensor loss = (x.mm(w) + b - y).pow(2).mean();
            losses.Add(loss.item<double>());
            loss.backward();
            GradientClip.Apply(flat, clip);
            optimizer.Step(0.05);
        }

        Assert.That(losses, Is.EqualTo(expected["losses"]!.ToObject<double[]>()!.Take(15)).Within(1e-9)); // float64, twelve digits given
        Assert.That(w.data<double>().ToArray(), Is.EqualTo(expected["W"]!["data"]!.ToObject<double[]>()).Within(1e-9));
        Assert.That(b.data<double>().ToArray(), Is.EqualTo(expected["b"]!["data"]!.ToObject<double[]>()).Within(1e-9));
    }

    [Test]
    public void Step_WithWeightDecay_LeavesBiasesAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = new TorchSharp.Modules.Parameter(ones(2, 3));
        Tensor bias = new TorchSharp.Modules.Parameter(ones(3));
        using var flat = new FlatParameters([new TrainedTensor("the test", "bias", bias), new TrainedTensor("the test", "weight", weight)]);
        using var optimizer = new FlatSgd(flat, momentum: 0, weightDecay: 0.5);

        optimizer.Step(0.1); // no gradient: only the decay acts, w - 0.1 · 0.5 · w

        Assert.That(weight.data<float>().ToArray(), Is.All.EqualTo(0.95f).Within(1e-6));
        Assert.That(bias.data<float>().ToArray(), Is.All.EqualTo(1f));
    }

    // A step of SGD is w − η(g + λw), and the first of AdamW w(1 − ηλ) − η·g/|g|, since m̂ = g and √v̂ = |g|; biases are not decayed.
    [TestCase(true)]
    [TestCase(false)]
    public void Step_WithARateForEachTensor_MovesEachByItsOwn(bool adamw)
    {
        const double eta = 0.1, decay = 0.5;
        using DisposeScope scope = NewDisposeScope();
        (string Name, double Rate, long[] Shape, double Value, double Gradient)[] tensors =
            [("bias", 3, [2], 1, 4), ("a", 1, [2, 3], 2, -3), ("b", 16, [3, 2], -1, 2), ("norm", 1, [5], 3, 1), ("c", 3, [4, 1], 2, 1)];
        TrainedTensor[] trained = [.. tensors.Select(t => new TrainedTensor("the test", t.Name, new TorchSharp.Modules.Parameter(full(t.Shape, t.Value, dtype: ScalarType.Float64))) { Rate = t.Rate })];
        using var flat = new FlatParameters(trained);
        using FlatOptimizer optimizer = adamw ? new FlatAdam(flat, decay, decoupled: true) : new FlatSgd(flat, momentum: 0, decay);
        foreach ((TrainedTensor tensor, double gradient) in trained.Zip(tensors, (t, d) => (t, d.Gradient)))
        {
            tensor.Value.grad!.fill_(gradient);
        }

        optimizer.Step(eta);

        Assert.That(flat.Segments, Has.Count.EqualTo(5), "matrices at 1, 3, 16, then vectors at 1, 3");
        Assert.That(flat.Segments.Sum(s => s.Count), Is.EqualTo(flat.Count));
        foreach ((TrainedTensor tensor, (_, double ratio, long[] shape, double w, double g)) in trained.Zip(tensors))
        {
            double rate = eta * ratio, decayed = shape.Length > 1 ? decay : 0;
            double expected = adamw ? (w * (1 - (rate * decayed))) - (rate * Math.Sign(g)) : w - (rate * (g + (decayed * w)));
            Assert.That(tensor.Value.data<double>().ToArray(), Is.All.EqualTo(expected).Within(1e-7), tensor.Name); // ε is 1e-8 of the root
        }
    }

    // With λ of its own or the training's 0.5, and no gradient, SGD and AdamW leave w(1 − ηλ); Adam makes λw the gradient, and its first step is η·sign(w), nothing where λ is 0.
    [TestCase("sgd")]
    [TestCase("adam")]
    [TestCase("adamw")]
    public void Step_WithADecayForEachTensor_ShrinksEachByItsOwn(string kind)
    {
        const double eta = 0.1, decay = 0.5;
        using DisposeScope scope = NewDisposeScope();
        (string Name, double? Decay, long[] Shape, double Value)[] tensors = [("a", 0.25, [2, 3], 2), ("bias", 0.25, [2], 1), ("b", null, [3, 2], -1), ("c", 0, [4, 1], 3)];
        TrainedTensor[] trained = [.. tensors.Select(t => new TrainedTensor("the test", t.Name, new TorchSharp.Modules.Parameter(full(t.Shape, t.Value, dtype: ScalarType.Float64))) { Decay = t.Decay })];
        using var flat = new FlatParameters(trained);
        using FlatOptimizer optimizer = kind == "sgd" ? new FlatSgd(flat, momentum: 0, decay) : new FlatAdam(flat, decay, decoupled: kind == "adamw");

        optimizer.Step(eta);

        foreach ((TrainedTensor tensor, (_, double? own, long[] shape, double w)) in trained.Zip(tensors))
        {
            double lambda = shape.Length > 1 ? own ?? decay : 0;
            double expected = kind == "adam" ? w - (lambda == 0 ? 0 : eta * Math.Sign(w)) : w * (1 - (eta * lambda));
            Assert.That(tensor.Value.data<double>().ToArray(), Is.All.EqualTo(expected).Within(1e-7), tensor.Name); // ε is 1e-8 of the root
        }
    }

    [Test]
    public void Segments_OfOneRate_AreOne()
    {
        using DisposeScope scope = NewDisposeScope();
        using var flat = new FlatParameters([new TrainedTensor("the test", "b", new TorchSharp.Modules.Parameter(ones(3))), new TrainedTensor("the test", "w", new TorchSharp.Modules.Parameter(ones(2, 2)))]);

        Assert.That(flat.Segments, Is.EqualTo(new[] { new RateSegment(0, 7, 1) }));
        Assert.That(flat.DecayedSegments, Is.EqualTo(new[] { new RateSegment(0, 4, 1) }));
    }

    private static JObject Golden()
    {
        string file = Path.Combine(SharedFolder.Find("golden"), "optimizers", "golden.json");
        return JObject.Parse(File.ReadAllText(file));
    }

    private static Tensor Read(JToken value)
        => tensor(value["data"]!.ToObject<double[]>()!, dtype: ScalarType.Float64).reshape(value["shape"]!.ToObject<long[]>()!);
}
