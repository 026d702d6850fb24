using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests;

public sealed class AutogradTests
{
    [Test]
    public void Backward_OfAProduct_GivesTheOtherFactor()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        Tensor y = tensor(new float[] { 4, 5, 6 });

        (x * y).sum().backward();

        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 4, 5, 6 }));
    }

    [Test]
    public void Grad_UnusedInput_ThrowsUnlessAllowed()
    {
        using var scope = NewDisposeScope();
        Tensor used = ones(2, requires_grad: true);
        Tensor unused = ones(2, requires_grad: true);
        Tensor loss = (used * 2).sum();

        Assert.That(() => autograd.grad([loss], [unused]), Throws.InstanceOf<System.Runtime.InteropServices.ExternalException>());

        IList<Tensor> grads = autograd.grad([(used * 2).sum()], [used, unused], allow_unused: true);
        Assert.That(grads[0].data<float>().ToArray(), Is.EqualTo(new float[] { 2, 2 }));
        Assert.That(grads[1], Is.Null);
    }

    [Test]
    public void NoGrad_Ended_IsAsBefore()
    {
        Assert.That(is_grad_enabled(), Is.True);

        using (no_grad())
        {
            Assert.That(is_grad_enabled(), Is.False);
            using (enable_grad())
            {
                Assert.That(is_grad_enabled(), Is.True);
            }

            Assert.That(is_grad_enabled(), Is.False);
        }

        Assert.That(is_grad_enabled(), Is.True);
    }

    [Test]
    public void CustomFunction_SquareWithItsOwnBackward_AgreesWithTheAlgebra()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(new double[] { 1, -2, 3 }, requires_grad: true);

        Tensor y = Square.apply(x, 2.0);
        y.sum().backward();

        Assert.That(y.data<double>().ToArray(), Is.EqualTo(new double[] { 2, 8, 18 }));       // 2 x²
        Assert.That(x.grad!.data<double>().ToArray(), Is.EqualTo(new double[] { 4, -8, 12 })); // 4 x
    }

    [Test]
    public void CustomFunction_BackwardInAScope_LeavesNothingInIt()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(3, requires_grad: true);
        Tensor loss = Square.apply(x, 2.0).sum();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        loss.backward();

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));
    }

    [Test]
    public void CustomFunction_ThrowingBackward_ReachesTheCallerAsItIs()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(3, requires_grad: true);
        Tensor loss = Failing.apply(x).sum();

        var error = Assert.Throws<NotSupportedException>(() => loss.backward());

        Assert.That(error!.Message, Is.EqualTo("no way back"));
    }

    [Test]
    public void CustomFunction_ThrowingForward_ReachesTheCallerAsItIs()
    {
        Assert.That(() => Failing.apply("nothing to work on"), Throws.TypeOf<InvalidCastException>());
    }

    [Test]
    public void CustomFunction_TwoOutputs_TakesBothGradients()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(new float[] { 2, 5 }, requires_grad: true);

        List<Tensor> outputs = DoubleAndTriple.apply(x);
        (outputs[0] + outputs[1] * 10).sum().backward();

        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 32, 32 })); // 2 + 10·3
    }

    [Test]
    public void Backward_ManyThreadsIntoOneLeaf_LosesNothing()
    {
        using Tensor leaf = zeros(3, requires_grad: true);

        Parallel.For(0, 64, _ =>
        {
            using var scope = NewDisposeScope();
            (leaf * 2).sum().backward();
        });

        using Tensor grad = leaf.grad!;
        Assert.That(grad.data<float>().ToArray(), Is.EqualTo(new float[] { 128, 128, 128 }));
    }

    private sealed class Square : autograd.SingleTensorFunction<Square>
    {
        public override string Name => nameof(Square);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("scale", vars[1]);
            return x * x * (double)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0] * 2 * (double)ctx.get_data("scale"), null!];
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] + 1;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new NotSupportedException("no way back");
    }

    private sealed class DoubleAndTriple : autograd.MultiTensorFunction<DoubleAndTriple>
    {
        public override string Name => nameof(DoubleAndTriple);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars) => [(Tensor)vars[0] * 2, (Tensor)vars[0] * 3];

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0] * 2 + grad_outputs[1] * 3];
    }
}
