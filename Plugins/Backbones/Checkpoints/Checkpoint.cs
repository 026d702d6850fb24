using System.Text.Json;
using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Files;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>The weights of a model as the ecosystem keeps them: safetensors, sharded safetensors, or a state dict of <c>torch.save</c>.</summary>
/// <remarks>Opening reads names and shapes; tensors are read when asked for. Nothing that a file contains is ever run. All members may be used from several threads.</remarks>
public sealed partial class Checkpoint : IDisposable
{
    private static readonly string[] FileNames = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];
    private readonly List<ITensorStore> _stores;
    private readonly Dictionary<string, (ITensorStore Store, StoredTensor Tensor)> _byName = new(StringComparer.Ordinal);

    private Checkpoint(string path, List<ITensorStore> stores)
    {
        Path = path;
        _stores = stores;
        foreach ((ITensorStore store, StoredTensor tensor) in stores.SelectMany(store => store.Tensors.Select(tensor => (store, tensor))))
        {
            if (!_byName.TryAdd(tensor.Name, (store, tensor)))
            {
                throw new InvalidDataException($"'{path}': tensor '{tensor.Name}' must be in one file, but is in '{_byName[tensor.Name].Store.Path}' and in '{store.Path}'.");
            }
        }

        Names = [.. stores.SelectMany(store => store.Tensors.Select(tensor => tensor.Name))];
        TiedNames = [.. stores.SelectMany(store => store.Tensors
            .Where(tensor => tensor.Sharing is not null && tensor.ByteLength > 0)
            .GroupBy(tensor => tensor.Sharing, tensor => tensor.Name)
            .Where(group => group.Count() > 1)
            .Select(group => (IReadOnlyList<string>)[.. group]))];
    }

    /// <summary>Gets the file or folder that was opened, or the index of a sharded one.</summary>
    public string Path { get; }

    /// <summary>Gets the names of all tensors, in the files' order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets groups of names that are the same elements of one storage, such as an embedding and the output layer tied to it.
    /// Safetensors files share nothing, so there are groups only for files of <c>torch.save</c>.</summary>
    public IReadOnlyList<IReadOnlyList<string>> TiedNames { get; }

    /// <summary>Opens a file, or the weights in a folder: the first of <c>model.safetensors</c>, <c>model.safetensors.index.json</c>,
    /// <c>pytorch_model.bin</c>, <c>pytorch_model.bin.index.json</c>. What a file is, is told by its content and not by its name.</summary>
    /// <param name="folderOrFile">The folder or file.</param>
    /// <returns>The open checkpoint, the caller's to dispose.</returns>
    /// <exception cref="FileNotFoundException">There are no weights there, or a shard is missing; the message names what was looked for.</exception>
    /// <exception cref="InvalidDataException">A file is cut short or damaged, or a pickle asks for a name that is refused.</exception>
    public static Checkpoint Open(string folderOrFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrFile);
        string path = folderOrFile;
        if (Directory.Exists(folderOrFile))
        {
            path = FileNames.Select(name => System.IO.Path.Combine(folderOrFile, name)).FirstOrDefault(File.Exists)
                ?? throw new FileNotFoundException($"'{folderOrFile}' must have the weights as one of {string.Join(", ", FileNames)}, but has none of them.");
        }
        else if (!File.Exists(folderOrFile))
        {
            throw new FileNotFoundException($"'{folderOrFile}' must be a file of weights, or a folder with one of {string.Join(", ", FileNames)}, but is not there.");
        }

        var stores = new List<ITensorStore>();
        try
        {
            if (path.EndsWith(".index.json", StringComparison.Ordinal))
            {
                OpenShards(path, stores);
            }
            else
            {
                stores.Add(OpenFile(path));
            }

            return new Checkpoint(path, stores);
        }
        catch
        {
            stores.ForEach(store => store.Dispose());
            throw;
        }
    }

    /// <summary>Tells whether there is a tensor of this name.</summary>
    /// <param name="name">A name.</param>
    /// <returns>True when there is.</returns>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Gets a tensor's sizes.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The sizes, row-major; empty for a scalar.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public IReadOnlyList<long> Shape(string name) => Get(name).Tensor.Shape;

    /// <summary>Gets the type that a tensor's elements have in the file.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The stored type.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public StoredType StoredTypeOf(string name) => Get(name).Tensor.Type;

    /// <summary>Reads a tensor's row-major little-endian elements.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A new array.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="InvalidDataException">The file became shorter, or the tensor is larger than an array can be.</exception>
    public byte[] ReadBytes(string name)
    {
        (ITensorStore store, StoredTensor tensor) = Get(name);
        if (tensor.ByteLength > Array.MaxLength)
        {
            throw new InvalidDataException($"'{store.Path}': tensor '{name}' has {tensor.ByteLength} bytes, more than one array holds ({Array.MaxLength}).");
        }

        var bytes = new byte[tensor.ByteLength];
        store.CopyTo(tensor, bytes, 0);
        return bytes;
    }

    /// <summary>Looks for values that are not finite, reading everything if there are none.</summary>
    /// <returns>The name of the first tensor with NaN or infinity, or null.</returns>
    /// <exception cref="InvalidDataException">A file became shorter since it was opened.</exception>
    public string? FindNonFinite() => Names.FirstOrDefault(name => StoredTypeOf(name).IsFloatingPoint() && FiniteCheck.HasNonFinite(StoredTypeOf(name), ReadBytes(name)));

    /// <summary>Closes all files.</summary>
    public void Dispose() => _stores.ForEach(store => store.Dispose());

    private static ITensorStore OpenFile(string path)
    {
        var start = new byte[4];
        using (FileStream stream = File.OpenRead(path))
        {
            stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }

        return TorchFile.IsTorch(start) && !path.EndsWith(".safetensors", StringComparison.Ordinal) ? TorchFile.Open(path) : new SafetensorsStore(path);
    }

    // {"metadata": {...}, "weight_map": {"tensor": "file", ...}}
    private static void OpenShards(string index, List<ITensorStore> stores)
    {
        string folder = System.IO.Path.GetDirectoryName(index) ?? ".";
        if (((JsonElement?)JsonFile.Read(index)).Get("weight_map") is not { ValueKind: JsonValueKind.Object } map)
        {
            throw new InvalidDataException($"'{index}' must have a 'weight_map' from tensor to file, but has none.");
        }

        ILookup<string, string> shards = map.EnumerateObject().ToLookup(
            entry => entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw new InvalidDataException(
                $"'{index}': tensor '{entry.Name}' must be mapped to a file name, but is to {entry.Value.GetRawText()}."),
            entry => entry.Name);
        foreach (IGrouping<string, string> shard in shards.OrderBy(shard => shard.Key, StringComparer.Ordinal))
        {
            if (shard.Key.Length == 0 || System.IO.Path.GetFileName(shard.Key) != shard.Key || shard.Key is "." or "..")
            {
                throw new InvalidDataException($"'{index}': a shard must be a file name in the same folder, but one is '{shard.Key}'.");
            }

            string path = System.IO.Path.Combine(folder, shard.Key);
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"'{index}' names the shard '{shard.Key}', which is not in its folder ({shards.Count} shards in all).", path);
            }

            ITensorStore store = OpenFile(path);
            stores.Add(store);
            HashSet<string> there = [.. store.Tensors.Select(tensor => tensor.Name)];
            if (shard.FirstOrDefault(name => !there.Contains(name)) is { } missing)
            {
                throw new InvalidDataException($"'{path}' must have tensor '{missing}', as '{index}' says, but does not.");
            }
        }

        if (stores.Count == 0)
        {
            throw new InvalidDataException($"'{index}' must name at least one shard in 'weight_map', but names none.");
        }
    }

    private (ITensorStore Store, StoredTensor Tensor) Get(string name) => _byName.TryGetValue(name, out var found)
        ? found
        : throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'; it has {Names.Count}, the first being {string.Join(", ", Names.Take(3).Select(other => $"'{other}'"))}.");
}
