using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Where the module was last moved to.</summary>
            protected DeviceType _deviceType = DeviceType.CPU;

            /// <summary>The number of that device, or -1 for the current one.</summary>
            protected int _deviceIndex = -1;

            /// <summary>Moves to a device and an element type.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                ArgumentNullException.ThrowIfNull(device);
                foreach (Module child in _internal_submodules.values())
                {
                    child._to(device, dtype, non_blocking);
                }
                _toEpilog(dtype, device, non_blocking);
                Remember(device.type, device.index);
                return this;
            }

            /// <summary>Moves to a device.</summary>
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                foreach (Module child in _internal_submodules.values())
                {
                    child._to(deviceType, deviceIndex, non_blocking);
                }
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);
                Remember(deviceType, deviceIndex);
                return this;
            }

            /// <summary>Moves to an element type.</summary>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                foreach (Module child in _internal_submodules.values())
                {
                    child._to(dtype, non_blocking);
                }
                _toEpilog(dtype, null, non_blocking);
                return this;
            }

            /// <summary>Moves to the device and the element type of a tensor.</summary>
            public Module _to(Tensor other, bool non_blocking)
            {
                ArgumentNullException.ThrowIfNull(other);
                return _to(other.device, other.dtype, non_blocking);
            }

            /// <summary>Moves what this module itself registered; null keeps the element type or the device.</summary>
            /// <remarks>Parameter and buffer objects stay the same and get new memory, so fields and shared parameters need no care.</remarks>
            protected internal virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                using IDisposable mode = no_grad();
                foreach (Parameter parameter in _internal_params.values())
                {
                    TensorRelocation.Move(parameter, dtype, device, non_blocking);
                }
                foreach ((Tensor buffer, bool persistent) in _internal_buffers.values())
                {
                    if (persistent) // the package leaves the others where they are
                    {
                        TensorRelocation.Move(buffer, dtype, device, non_blocking);
                    }
                }
            }

            private void Remember(DeviceType deviceType, int deviceIndex)
            {
                _deviceType = deviceType;
                _deviceIndex = deviceIndex;
            }
        }
    }
}
