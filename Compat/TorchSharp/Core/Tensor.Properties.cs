using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long[] shape => Sizes().ToArray();

        public long[] size() => shape;

        public long[] stride() => Strides().ToArray();

        public long Dimensions => Sizes().Length;

        public long ndim => Sizes().Length;

        public long dim() => Sizes().Length;

        public long NumberOfElements => numel();

        public long ElementSize => element_size();

        public ScalarType dtype
        {
            get
            {
                int dtype = NativeMethods.dt_dtype(Handle);
                GC.KeepAlive(this);
                return (ScalarType)dtype;
            }
        }

        public Device device => Device.FromPacked(PackedDevice);

        public DeviceType device_type => (DeviceType)(PackedDevice >> 8);

        public int device_index => (sbyte)(PackedDevice & 0xff);

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => Flag(128);

        public bool is_sparse => Flag(8);

        public bool is_leaf => Flag(2);

        public bool requires_grad
        {
            get => Flag(4);
            set
            {
                NativeErrors.Check(NativeMethods.dt_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor? grad
        {
            get
            {
                nint found;
                NativeErrors.Check(NativeMethods.dt_grad(Handle, &found));
                GC.KeepAlive(this);
                return found == 0 ? null : new Tensor(found);
            }

            set
            {
                NativeErrors.Check(NativeMethods.dt_set_grad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        private int PackedDevice
        {
            get
            {
                int packed = NativeMethods.dt_device(Handle);
                GC.KeepAlive(this);
                return packed;
            }
        }

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_contiguous() => Flag(1);

        public bool is_conj() => Flag(32);

        public bool is_neg() => Flag(64);

        public bool is_quantized() => Flag(16);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public long numel()
        {
            long count = NativeMethods.dt_numel(Handle);
            GC.KeepAlive(this);
            return count;
        }

        public long element_size()
        {
            long size = NativeMethods.dt_itemsize(Handle);
            GC.KeepAlive(this);
            return size;
        }

        public long storage_offset()
        {
            long offset = NativeMethods.dt_storage_offset(Handle);
            GC.KeepAlive(this);
            return offset;
        }

        public long size(int dim)
        {
            ReadOnlySpan<long> sizes = Sizes();
            long side = sizes[InRange(dim, sizes.Length)];
            GC.KeepAlive(this);
            return side;
        }

        public long stride(int dim)
        {
            ReadOnlySpan<long> strides = Strides();
            long step = strides[InRange(dim, strides.Length)];
            GC.KeepAlive(this);
            return step;
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad()
        {
            NativeErrors.Check(NativeMethods.dt_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>The sizes in libtorch's own memory: gone when the tensor is, or when its shape changes.</summary>
        internal ReadOnlySpan<long> Sizes()
        {
            long dim;
            long* sizes = NativeMethods.dt_sizes(Handle, &dim);
            GC.KeepAlive(this);
            return dim < 0 ? throw new InvalidOperationException("This tensor has no plain sizes.") : new ReadOnlySpan<long>(sizes, (int)dim);
        }

        private ReadOnlySpan<long> Strides()
        {
            long dim;
            long* strides = NativeMethods.dt_strides(Handle, &dim);
            GC.KeepAlive(this);
            return dim < 0 ? throw new InvalidOperationException("This tensor has no strides: it is not stored densely.") : new ReadOnlySpan<long>(strides, (int)dim);
        }

        private static int InRange(int dim, int dims) => dim >= -dims && dim < dims ? (dim + dims) % dims
            : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"A tensor with {dims} dimensions has none numbered {dim}; from {-dims} to {dims - 1} would be right.");

        private bool Flag(int bit)
        {
            int flags = NativeErrors.Check(NativeMethods.dt_flags(Handle));
            GC.KeepAlive(this);
            return (flags & bit) != 0;
        }
    }
}
