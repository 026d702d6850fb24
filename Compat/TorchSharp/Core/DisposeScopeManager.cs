namespace TorchSharp;

/// <summary>Keeps each thread's stack of dispose scopes and its counts.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? t_ofThread;
    private readonly ThreadDisposeScopeStatistics _statistics = new();

    public static ThreadDisposeScopeStatistics Statistics => OfThread._statistics;

    internal static DisposeScopeManager OfThread => t_ofThread ??= new DisposeScopeManager();

    internal DisposeScope? Current { get; set; }

    internal LifetimeStatistics Tensors => _statistics.TensorStatistics;

    internal void Created(torch.Tensor tensor)
    {
        if (Current is { } scope)
        {
            Tensors.CreatedInScopeCount++;
            scope.Hold(tensor);
        }
        else
        {
            Tensors.CreatedOutsideScopeCount++;
        }
    }
}
