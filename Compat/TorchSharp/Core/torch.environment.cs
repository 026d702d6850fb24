using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static void set_num_threads(int num) => NativeErrors.Check(NativeMethods.dt_set_num_threads(num));

    public static int get_num_threads() => NativeErrors.Check(NativeMethods.dt_get_num_threads());

    public static void set_num_interop_threads(int num) => NativeErrors.Check(NativeMethods.dt_set_num_interop_threads(num));

    public static int get_num_interop_threads() => NativeErrors.Check(NativeMethods.dt_get_num_interop_threads());

    public static unsafe string __version__ => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)NativeMethods.dt_version())!;

    public static Generator manual_seed(long seed)
    {
        NativeErrors.Check(NativeMethods.dt_manual_seed(seed));
        return Generator.Default;
    }

    public static long initial_seed()
    {
        using Generator generator = Generator.Default;
        return generator.initial_seed();
    }

    public static long seed()
    {
        using Generator generator = Generator.Default;
        return generator.seed();
    }

    public static Tensor get_rng_state()
    {
        using Generator generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using Generator generator = Generator.Default;
        generator.set_state(new_state);
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
        {
            throw new InvalidOperationException($"Torch device type {deviceType} is not available: this libtorch or this machine has none.");
        }
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) =>
        deviceType is DeviceType.CPU or DeviceType.META || (deviceType == DeviceType.CUDA && cuda.is_available());

    public static Device InitializeDevice(Device? device)
    {
        Device chosen = device ?? get_default_device();
        if (chosen.type != DeviceType.CPU)
        {
            InitializeDeviceType(chosen.type);
        }

        return chosen;
    }

    /// <summary>Errors are thrown by the call that they belong to, so there is never one left to find.</summary>
    public static void CheckForErrors()
    {
    }

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => NativeErrors.Check(NativeMethods.dt_cudnn_is_available()) != 0;

        public static int device_count() => NativeErrors.Check(NativeMethods.dt_cuda_device_count());

        public static void manual_seed(long seed) => NativeErrors.Check(NativeMethods.dt_cuda_manual_seed(seed, 0));

        public static void manual_seed_all(long seed) => NativeErrors.Check(NativeMethods.dt_cuda_manual_seed(seed, 1));

        public static void synchronize(Device? device = null) => NativeErrors.Check(NativeMethods.dt_cuda_synchronize(device?.index ?? -1));
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => torch.initial_seed();

        public static long seed() => torch.seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
