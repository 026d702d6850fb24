namespace TorchSharp;

/// <summary>The handles of a list of tensors, for one native call; the list keeps the tensors alive until it is disposed.</summary>
internal readonly ref struct Handles
{
    private readonly IList<torch.Tensor>? _tensors;

    internal Handles(IList<torch.Tensor>? tensors)
    {
        _tensors = tensors;
        Array = new nint[tensors?.Count ?? 0];
        for (int k = 0; k < Array.Length; k++)
        {
            Array[k] = tensors![k] is { } tensor ? tensor.Handle : 0;
        }
    }

    internal nint[] Array { get; }

    internal int Count => Array.Length;

    internal void Dispose() => GC.KeepAlive(_tensors);
}
