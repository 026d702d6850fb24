namespace TorchSharp;

/// <summary>Disposes, when it ends, what was created on its thread while it was the innermost one.</summary>
/// <remarks>
/// Tensors know their scope and their place in it, so that leaving a scope early costs the same however many it holds.
/// A place that was left is null until the scope ends.
/// </remarks>
public sealed partial class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly DisposeScope? _outer;
    private readonly List<IDisposable?> _held = [];
    private bool _ended;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        _outer = manager.Current;
        manager.Current = this;
    }

    public int DisposablesCount => _held.Count(static held => held is not null);

    public IReadOnlyList<IDisposable> DisposablesView => [.. _held.OfType<IDisposable>()];

    public bool Contains(IDisposable disposable) =>
        disposable is torch.Tensor tensor ? ReferenceEquals(tensor.Scope, this) : _held.Any(held => ReferenceEquals(held, disposable));

    public void Attach(IDisposable disposable)
    {
        if (disposable is null || Contains(disposable))
        {
            return;
        }

        if (disposable is torch.Tensor tensor)
        {
            if (tensor.Scope is { } other)
            {
                other.Drop(tensor);
            }
            else
            {
                _manager.Tensors.AttachedToScopeCount++;
            }

            Hold(tensor);
        }
        else
        {
            _held.Add(disposable);
        }
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            DetachOne(disposable);
        }
    }

    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        DetachOne(disposable);
        return disposable;
    }

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(_outer, disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            MoveOne(scope, disposable);
        }
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        if (Drop(disposable) && disposable is torch.Tensor)
        {
            _manager.Tensors.DisposedInScopeCount++;
        }
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        for (int k = 0; k < _held.Count; k++)
        {
            if (_held[k] is not { } held || keep.Contains(held))
            {
                continue;
            }

            _held[k] = null;
            held.Dispose();
        }

        Compact();
    }

    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        for (int k = _held.Count - 1; k >= 0; k--)
        {
            IDisposable? held = _held[k];
            _held[k] = null;
            held?.Dispose();
        }

        _held.Clear();

        // Scopes opened inside and never closed end with this one.
        for (DisposeScope? open = _manager.Current; open is not null; open = open._outer)
        {
            if (ReferenceEquals(open, this))
            {
                _manager.Current = _outer;
                return;
            }
        }
    }

    internal void Hold(torch.Tensor tensor)
    {
        tensor.Scope = this;
        tensor.PlaceInScope = _held.Count;
        _held.Add(tensor);
    }

    internal void MoveOne(DisposeScope? scope, IDisposable disposable)
    {
        if (disposable is null || !Contains(disposable))
        {
            return;
        }

        if (scope is null)
        {
            DetachOne(disposable);
            return;
        }

        Drop(disposable);
        if (disposable is torch.Tensor tensor)
        {
            scope.Hold(tensor);
        }
        else
        {
            scope._held.Add(disposable);
        }
    }

    internal DisposeScope? Outer => _outer;

    internal void DetachOne(IDisposable disposable)
    {
        if (disposable is not null && Drop(disposable) && disposable is torch.Tensor)
        {
            _manager.Tensors.DetachedFromScopeCount++;
        }
    }

    private bool Drop(IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor)
        {
            int at = _held.FindIndex(held => ReferenceEquals(held, disposable));
            if (at >= 0)
            {
                _held[at] = null;
            }

            return at >= 0;
        }

        if (!ReferenceEquals(tensor.Scope, this))
        {
            return false;
        }

        tensor.Scope = null;
        int place = tensor.PlaceInScope;
        if (place < _held.Count && ReferenceEquals(_held[place], tensor))
        {
            if (place == _held.Count - 1)
            {
                _held.RemoveAt(place);
            }
            else
            {
                _held[place] = null;
            }
        }

        return true;
    }

    private void Compact()
    {
        _held.RemoveAll(static held => held is null);
        for (int k = 0; k < _held.Count; k++)
        {
            if (_held[k] is torch.Tensor tensor)
            {
                tensor.PlaceInScope = k;
            }
        }
    }
}
