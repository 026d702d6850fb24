using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests;

public sealed class DisposeScopeTests
{
    [Test]
    public void Dispose_TensorsMadeInside_AreGone()
    {
        Tensor inner;
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (NewDisposeScope())
        {
            inner = ones(2, 3);
            _ = inner + 1;
            Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before + 2));
        }

        Assert.That(inner.IsInvalid, Is.True);
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));
    }

    [Test]
    public void MoveToOuterDisposeScope_FromTheInnermost_LivesUntilTheNext()
    {
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                moved = (ones(2) * 3).MoveToOuterDisposeScope();
            }

            Assert.That(moved.IsInvalid, Is.False);
            Assert.That(outer.Contains(moved), Is.True);
            Assert.That(outer.DisposablesCount, Is.EqualTo(1));
        }

        Assert.That(moved.IsInvalid, Is.True);
    }

    [Test]
    public void MoveToOuterDisposeScope_WithNoOuterOne_IsDetached()
    {
        Tensor moved;

        using (NewDisposeScope())
        {
            moved = ones(2).MoveToOuterDisposeScope();
        }

        Assert.That(moved.IsInvalid, Is.False);
        moved.Dispose();
    }

    [Test]
    public void DisposeEverythingBut_OneOfThree_KeepsThatOne()
    {
        using var scope = NewDisposeScope();
        Tensor first = ones(1);
        Tensor second = ones(1);
        Tensor third = ones(1);

        scope.DisposeEverythingBut(second);

        Assert.That(new[] { first.IsInvalid, second.IsInvalid, third.IsInvalid }, Is.EqualTo(new[] { true, false, true }));
        Assert.That(scope.DisposablesView, Is.EqualTo(new[] { second }));
        second.Dispose();
        Assert.That(scope.DisposablesCount, Is.Zero);
    }

    [Test]
    public void Attach_TensorFromOutside_IsDisposedWithTheScope()
    {
        Tensor outside = ones(2);

        using (var scope = NewDisposeScope())
        {
            scope.Attach(outside);
        }

        Assert.That(outside.IsInvalid, Is.True);
    }

    [Test]
    public void Statistics_TensorsMadeOnAnotherThread_AreNotCountedHere()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var thread = new Thread(() =>
        {
            using var scope = NewDisposeScope();
            _ = ones(3);
        });
        thread.Start();
        thread.Join();

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));
    }

    [Test]
    public void Dispose_OuterBeforeInner_EndsBoth()
    {
        var outer = NewDisposeScope();
        _ = NewDisposeScope();

        outer.Dispose();

        Assert.That(CurrentDisposeScope, Is.Null);
    }
}
