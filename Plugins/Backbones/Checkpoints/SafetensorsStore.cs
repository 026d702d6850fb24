using DeltaTune.Files;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A safetensors file as a store.</summary>
internal sealed class SafetensorsStore(string path) : ITensorStore
{
    private readonly SafetensorsFile _file = SafetensorsFile.Open(path);
    private IReadOnlyList<StoredTensor>? _tensors;

    public string Path => _file.Path;

    public IReadOnlyList<StoredTensor> Tensors =>
        _tensors ??= [.. _file.Entries.Select(entry => new StoredTensor(entry.Name, entry.Type, entry.Shape, Sharing: null))];

    public void CopyTo(StoredTensor tensor, Span<byte> destination, long start) => _file.CopyTo(tensor.Name, destination, start);

    public void Dispose() => _file.Dispose();
}
