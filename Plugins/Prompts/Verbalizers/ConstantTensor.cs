using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>A tensor of constants on whichever device it is needed; made once for a device. Not a part of any module's state.</summary>
internal sealed class ConstantTensor(Func<Device, Tensor> make) : IDisposable
{
    private Tensor? _value;

    /// <summary>Gets the constants where another tensor is; not to be disposed.</summary>
    public Tensor Beside(Tensor other)
    {
        if (_value is null || _value.device_type != other.device_type || _value.device_index != other.device_index)
        {
            _value?.Dispose();
            // Evaluation may come first; constants made in inference mode could not take part in training later.
            using IDisposable ordinary = inference_mode(false);
            _value = make(other.device).DetachFromDisposeScope();
        }

        return _value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _value?.Dispose();
        _value = null;
    }
}
