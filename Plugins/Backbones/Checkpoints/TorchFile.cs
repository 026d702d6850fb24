using System.Globalization;
using System.Numerics;
using DeltaTune.Files;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A file of <c>torch.save</c>: a zip of a pickle and its storages (since torch 1.6), or pickles followed by storages (before).</summary>
/// <remarks>Source: the layouts of torch/serialization.py, <c>_save</c> and <c>_legacy_save</c>.</remarks>
internal sealed class TorchFile : ITensorStore
{
    // What begins the older layout: pickled numbers, the layout's mark and version.
    private static readonly BigInteger LegacyMark = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private const long LegacyVersion = 1001;
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model", "module"];
    private readonly BoundedFile _file;
    private readonly Dictionary<string, long> _storageOffsets;
    private readonly Dictionary<string, PickledTensor> _views = new(StringComparer.Ordinal);

    private TorchFile(BoundedFile file, object? root, Dictionary<string, long> storageOffsets, Func<PickledStorage, string?> problem)
    {
        _file = file;
        _storageOffsets = storageOffsets;
        foreach ((string name, PickledTensor view) in StateDict(root))
        {
            if ((view.Problem() ?? problem(view.Storage)) is { } what)
            {
                throw new InvalidDataException($"'{file.Path}': tensor '{name}' {what}.");
            }

            _views[name] = view;
        }

        Tensors = [.. _views.Select(pair => new StoredTensor(
            pair.Key, pair.Value.Storage.Type, pair.Value.Shape, FormattableString.Invariant($"{pair.Value.Storage.Key} {pair.Value.Offset} {pair.Value.Count}")))];
    }

    public string Path => _file.Path;

    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Tells by its first bytes whether a file is one of torch's.</summary>
    public static bool IsTorch(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..] or [0x80, ..];

    /// <summary>Opens a file and rebuilds its state dict, without reading any storage.</summary>
    /// <exception cref="InvalidDataException">The file is cut short or damaged, asks for a refused name, or has no tensors.</exception>
    public static TorchFile Open(string path)
    {
        var file = new BoundedFile(path);
        try
        {
            byte[] start = file.Read(0, Math.Min(4, file.Length));
            return start is [(byte)'P', ..] ? OpenZip(file) : OpenLegacy(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void CopyTo(StoredTensor tensor, Span<byte> destination, long start)
    {
        PickledTensor view = _views[tensor.Name];
        int size = view.Storage.Type.ByteSize();
        long origin = _storageOffsets[view.Storage.Key] + (view.Offset * size);
        if (view.IsContiguous)
        {
            _file.Read(destination, origin + start);
            return;
        }

        // From the first element to the last, then in the view's own order.
        long extent = 1 + view.Shape.Zip(view.Strides).Sum(pair => (pair.First - 1) * pair.Second);
        byte[] source = _file.Read(origin, extent * size);
        for (int written = 0; written < destination.Length; written += size)
        {
            long rest = (start + written) / size;
            long at = 0;
            for (int dimension = view.Shape.Length - 1; dimension >= 0; dimension--)
            {
                at += rest % view.Shape[dimension] * view.Strides[dimension];
                rest /= view.Shape[dimension];
            }

            source.AsSpan((int)(at * size), size).CopyTo(destination[written..]);
        }
    }

    public void Dispose() => _file.Dispose();

    private static TorchFile OpenZip(BoundedFile file)
    {
        Dictionary<string, (long Offset, long Length)> members = ZipDirectory.Read(file);
        string pickle = members.Keys.FirstOrDefault(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) || name == "data.pkl")
            ?? throw new InvalidDataException($"'{file.Path}' must be a file of torch.save, but its zip has no 'data.pkl'; it has {string.Join(", ", members.Keys.Take(3).Select(name => $"'{name}'"))}.");
        string folder = pickle[..^"data.pkl".Length];
        if (members.TryGetValue(folder + "byteorder", out var order) && file.Read(order.Offset, Math.Min(3, order.Length)) is [(byte)'b', ..])
        {
            throw new InvalidDataException($"'{file.Path}' must hold little-endian numbers, but says that they are big-endian.");
        }

        object? root = Unpickler.Read(new PickleReader(file, members[pickle].Offset, members[pickle].Length));
        string data = folder + "data/";
        var offsets = members.Where(member => member.Key.StartsWith(data, StringComparison.Ordinal)).ToDictionary(member => member.Key[data.Length..], member => member.Value.Offset);
        return new TorchFile(file, root, offsets, storage => !members.TryGetValue(data + storage.Key, out var member)
            ? $"has its storage in '{data + storage.Key}', which the zip does not have"
            : member.Length < SizeOf(storage) ? $"has a storage of {storage.Elements} elements, which '{data + storage.Key}' of {member.Length} bytes cannot hold" : null);
    }

    private static TorchFile OpenLegacy(BoundedFile file)
    {
        var reader = new PickleReader(file, 0, file.Length);
        object? mark = Unpickler.Read(reader);
        if (!LegacyMark.Equals(mark is long small ? small : mark))
        {
            throw new InvalidDataException($"'{file.Path}' must be a file of torch.save, but begins with another pickle.");
        }

        if (Unpickler.Read(reader) is not LegacyVersion || Unpickler.Read(reader) is not PickleDictionary system || system.Find("little_endian") is not true)
        {
            throw new InvalidDataException($"'{file.Path}' must be of torch.save's layout {LegacyVersion} with little-endian numbers, but is not.");
        }

        object? root = Unpickler.Read(reader);
        List<object?> keys = Unpickler.Read(reader) as List<object?> ?? throw reader.Bad("the list of storages is missing");
        Dictionary<string, PickledStorage> used = Storages(root);
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        long at = reader.Position;
        foreach (object? key in keys)
        {
            // Each storage is preceded by its number of elements.
            long elements = BitConverter.ToInt64(file.Read(at, 8));
            if (key is not string name || !used.TryGetValue(name, out PickledStorage? storage) || storage.Elements != elements || SizeOf(storage) > file.Length - at - 8)
            {
                throw new InvalidDataException($"'{file.Path}' is cut short or damaged: storage '{key}' at byte {at} says that it has {elements} elements, and {file.Length - at - 8} bytes follow.");
            }

            offsets[name] = at + 8;
            at += 8 + SizeOf(storage);
        }

        return new TorchFile(file, root, offsets, storage => offsets.ContainsKey(storage.Key) && used[storage.Key] == storage
            ? null
            : $"has its storage under '{storage.Key}', which the file does not list, or describes in two ways");
    }

    // All storages below a value, visiting each container once.
    private static Dictionary<string, PickledStorage> Storages(object? root)
    {
        var found = new Dictionary<string, PickledStorage>(StringComparer.Ordinal);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<object?>([root]);
        while (waiting.TryPop(out object? value))
        {
            if (value is PickledTensor tensor)
            {
                value = tensor.Storage;
            }

            if (value is PickledStorage storage)
            {
                found[storage.Key] = storage;
            }

            IEnumerable<object?> inside = value switch
            {
                object?[] tuple => tuple,
                List<object?> list => list,
                PickleDictionary dictionary => dictionary.Items.SelectMany(item => new[] { item.Key, item.Value }),
                _ => [],
            };
            if (value is object?[] or List<object?> or PickleDictionary && seen.Add(value))
            {
                foreach (object? item in inside)
                {
                    waiting.Push(item);
                }
            }
        }

        return found;
    }

    // Training code likes to wrap the state dict: {'state_dict': {...}, 'epoch': 3}.
    private (string Name, PickledTensor View)[] StateDict(object? root)
    {
        PickleDictionary top = root as PickleDictionary
            ?? throw new InvalidDataException($"'{_file.Path}' must hold a dictionary of tensors, but holds a value of another kind.");
        PickleDictionary chosen = Wrappers.Select(top.Find).OfType<PickleDictionary>().FirstOrDefault(inner => inner.Items.Exists(item => item.Value is PickledTensor)) ?? top;
        (string, PickledTensor)[] tensors = [.. chosen.Items
            .Where(item => item is { Key: string, Value: PickledTensor })
            .Select(item => ((string)item.Key!, (PickledTensor)item.Value!))];
        return tensors.Length > 0 ? tensors : throw new InvalidDataException(
            $"'{_file.Path}' must hold a dictionary of tensors, at the top or under {string.Join(", ", Wrappers.Select(name => $"'{name}'"))}, but has none.");
    }

    private static long SizeOf(PickledStorage storage)
    {
        try
        {
            return checked(storage.Elements * storage.Type.ByteSize());
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }
}
