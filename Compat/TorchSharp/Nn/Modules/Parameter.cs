using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module trains.</summary>
public class Parameter : Tensor
{
    /// <summary>Takes a tensor's memory over: the tensor given is empty afterwards.</summary>
    /// <param name="data">The values; what was computed with gradients is cut off from its history.</param>
    /// <param name="requires_grad">Whether gradients are recorded.</param>
    public Parameter(Tensor data, bool requires_grad = true)
        : base(TakeOver(data)) => this.requires_grad = requires_grad;

    private static nint TakeOver(Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.is_leaf && !data.requires_grad)
        {
            return data.DecoupleFromNativeHandle();
        }
        using (data)
        {
            return data.detach().DecoupleFromNativeHandle();
        }
    }
}
