using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The memory of a dense CPU tensor, below 2 GiB: writing to it writes to the tensor.</summary>
        public Span<byte> bytes
        {
            get
            {
                long length = numel() * element_size();
                if (!is_contiguous())
                {
                    throw new NotSupportedException("The bytes of a tensor that is not contiguous cannot be seen as one span; call contiguous() first.");
                }

                return length <= int.MaxValue ? new Span<byte>(Data(), (int)length)
                    : throw new NotSupportedException($"A tensor of {length} bytes does not fit a span, which holds at most {int.MaxValue}.");
            }

            set
            {
                Span<byte> own = bytes;
                if (value.Length != own.Length)
                {
                    throw new ArgumentException($"The tensor has {own.Length} bytes, but {value.Length} were given.", nameof(value));
                }

                value.CopyTo(own);
            }
        }

        public Utils.TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireKind(typeof(T));
            RequireCpu();
            return new Utils.TensorAccessor<T>(this);
        }

        /// <summary>The only element, of whichever device.</summary>
        public T item<T>()
            where T : unmanaged
        {
            if (numel() != 1)
            {
                throw new ArgumentException($"item() needs a tensor of one element, but this one has {numel()}.");
            }

            RequireKind(typeof(T));
            if (device_type == DeviceType.CPU)
            {
                return *(T*)Data();
            }

            using Tensor here = cpu();
            return *(T*)here.Data();
        }

        public T ReadCpuValue<T>(long i)
            where T : unmanaged
        {
            if (i < 0 || i >= numel())
            {
                throw new IndexOutOfRangeException($"Element {i} of a tensor with {numel()} elements does not exist.");
            }

            return ((T*)Data())[i];
        }

        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);

        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);

        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);

        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);

        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);

        public Scalar ToScalar()
        {
            using Tensor here = numel() == 1 ? detach().cpu() : throw new ArgumentException($"A scalar needs a tensor of one element, but this one has {numel()}.");
            return here.dtype switch
            {
                ScalarType.Float32 => here.item<float>(),
                ScalarType.Float64 => here.item<double>(),
                ScalarType.Int64 => here.item<long>(),
                ScalarType.Int32 => here.item<int>(),
                ScalarType.Int16 => here.item<short>(),
                ScalarType.Int8 => here.item<sbyte>(),
                ScalarType.Byte => here.item<byte>(),
                ScalarType.Bool => here.item<bool>(),
                ScalarType.Float16 => here.item<Half>(),
                ScalarType.BFloat16 => here.item<BFloat16>(),
                ScalarType.ComplexFloat32 => here.item<(float, float)>(),
                ScalarType.ComplexFloat64 => here.item<System.Numerics.Complex>(),
                ScalarType kind => throw new NotSupportedException($"A tensor of {kind} has no scalar."),
            };
        }

        public override string ToString() => Describe();

        internal void* Data()
        {
            RequireCpu();
            void* data;
            NativeErrors.Check(NativeMethods.dt_data(Handle, &data));
            GC.KeepAlive(this);
            return data;
        }

        private void RequireCpu()
        {
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException($"The elements of a tensor on {device} cannot be read from here; call cpu() first.");
            }
        }

        private void RequireKind(Type element)
        {
            if (Factory.KindOf(element) != dtype)
            {
                throw new ArgumentException($"The tensor holds {dtype}, which cannot be read as {element.Name}; convert it first, or ask for the matching type.");
            }
        }

        private string Describe() => IsInvalid ? "[disposed]" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
    }
}
