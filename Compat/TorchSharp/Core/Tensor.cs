using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor: an owner of one reference to libtorch's.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            DisposeScopeManager.OfThread.Created(this);
            long total = Interlocked.Increment(ref s_total);
            if (total > s_peak)
            {
                s_peak = total; // a race may lose a peak by one or two
            }
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref s_total);

        public static long PeakCount => s_peak;

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        internal DisposeScope? Scope { get; set; }

        internal int PlaceInScope { get; set; }

        /// <summary>Takes over the reference that <paramref name="handle"/> stands for.</summary>
        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        /// <summary>Gives up the reference without releasing it: the caller must.</summary>
        public nint DecoupleFromNativeHandle()
        {
            nint handle = Handle;
            _handle = 0;
            Forget();
            GC.SuppressFinalize(this);
            return handle;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0)
            {
                return;
            }

            if (disposing)
            {
                Forget();
            }
            else
            {
                Interlocked.Decrement(ref s_total);
            }

            NativeMethods.dt_release(handle);
        }

        public Tensor DetachFromDisposeScope()
        {
            Scope?.DetachOne(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveOne(Scope.Outer, this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (Scope is { } scope)
            {
                scope.MoveOne(other, this);
            }
            else
            {
                other?.Attach((IDisposable)this);
            }

            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.Scope);

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>True where both stand for the same native tensor.</summary>
        public bool Equals(Tensor target) => target is not null && (ReferenceEquals(this, target) || (_handle != 0 && _handle == target._handle));

        public override int GetHashCode() => Handle.GetHashCode();

        private void Forget()
        {
            Interlocked.Decrement(ref s_total);
            if (Scope is { } scope)
            {
                scope.MarkAsDisposed(this);
            }
            else
            {
                DisposeScopeManager.OfThread.Tensors.DisposedOutsideScopeCount++;
            }
        }
    }
}
