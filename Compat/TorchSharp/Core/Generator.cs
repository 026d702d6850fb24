using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of chance on the CPU, with a seed and a state.</summary>
    public unsafe class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is not null && device.type != DeviceType.CPU)
            {
                throw new NotSupportedException($"Generators live on the CPU; one on {device} cannot be made.");
            }

            nint made;
            NativeErrors.Check(NativeMethods.dt_new_generator(seed, &made));
            _handle = made;
            this.device = device ?? CPU;
        }

        private Generator(nint handle)
        {
            _handle = handle;
            device = CPU;
        }

        ~Generator() => Dispose(false);

        public static Generator Default
        {
            get
            {
                nint made;
                NativeErrors.Check(NativeMethods.dt_default_generator(&made));
                return new Generator(made);
            }
        }

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; private set; }

        public Generator manual_seed(long seed)
        {
            NativeErrors.Check(NativeMethods.dt_generator_seed(Handle, seed));
            GC.KeepAlive(this);
            return this;
        }

        public long initial_seed() => Seed(fresh: 0);

        public long seed() => Seed(fresh: 1);

        public Tensor get_state()
        {
            nint state;
            NativeErrors.Check(NativeMethods.dt_generator_get_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            ArgumentNullException.ThrowIfNull(value);
            NativeErrors.Check(NativeMethods.dt_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
            {
                NativeMethods.dt_generator_release(handle);
            }
        }

        private long Seed(int fresh)
        {
            long seed;
            NativeErrors.Check(NativeMethods.dt_generator_current_seed(Handle, fresh, &seed));
            GC.KeepAlive(this);
            return seed;
        }
    }
}
