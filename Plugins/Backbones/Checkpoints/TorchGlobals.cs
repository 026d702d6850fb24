using DeltaTune.Files;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>The only names that a pickle may ask for, and what calling them gives. Nothing of Python is looked up or run.</summary>
internal static class TorchGlobals
{
    // torch's own limit; without one a small file could ask for many copies of a long shape.
    private const int MostDimensions = 64;

    private static readonly Dictionary<string, StoredType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = StoredType.F64, ["torch.FloatStorage"] = StoredType.F32, ["torch.HalfStorage"] = StoredType.F16,
        ["torch.BFloat16Storage"] = StoredType.BF16, ["torch.LongStorage"] = StoredType.I64, ["torch.IntStorage"] = StoredType.I32,
        ["torch.ShortStorage"] = StoredType.I16, ["torch.CharStorage"] = StoredType.I8, ["torch.ByteStorage"] = StoredType.U8, ["torch.BoolStorage"] = StoredType.Bool,
    };

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8", "torch.bool",
    };

    private static readonly Dictionary<string, Func<object?[], object?>> Calls = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = MakeDictionary,
        ["torch._utils._rebuild_tensor"] = MakeTensor,
        ["torch._utils._rebuild_tensor_v2"] = MakeTensor,
        ["torch._utils._rebuild_parameter"] = arguments => arguments is [PickledTensor tensor, ..] ? tensor : null,
        ["torch.Size"] = arguments => arguments is [object?[] sizes] ? sizes : null,
        ["builtins.set"] = MakeSet,
        ["builtins.frozenset"] = MakeSet,
        ["__builtin__.set"] = MakeSet,
        ["__builtin__.frozenset"] = MakeSet,
    };

    /// <summary>Finds a name; null when it is refused.</summary>
    public static PickleGlobal? Find(string module, string name)
    {
        string full = $"{module}.{name}";
        return Storages.ContainsKey(full) || Types.Contains(full) || Calls.ContainsKey(full) ? new PickleGlobal(full) : null;
    }

    /// <summary>Calls a name; null when its arguments are not what they should be.</summary>
    public static object? Call(PickleGlobal global, object?[] arguments) => Calls.TryGetValue(global.Name, out var call) ? call(arguments) : null;

    /// <summary>Reads the description of a storage, <c>('storage', type, key, place, elements[, view])</c>; null when it is another.</summary>
    public static PickledStorage? Storage(object? id) =>
        id is object?[] { Length: 5 or 6 } parts && parts is ["storage", PickleGlobal type, string key, string, long elements, ..]
        && parts.ElementAtOrDefault(5) is null && elements >= 0 && Storages.TryGetValue(type.Name, out StoredType stored)
            ? new PickledStorage(stored, key, elements)
            : null;

    private static PickledTensor? MakeTensor(object?[] arguments) =>
        arguments is [PickledStorage storage, long offset, object?[] { Length: <= MostDimensions } shape, object?[] { Length: <= MostDimensions } strides, ..]
        && shape.All(IsLong) && strides.All(IsLong)
            ? new PickledTensor(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()])
            : null;

    private static List<object?>? MakeSet(object?[] arguments) => arguments is [List<object?> items] ? items : null;

    // OrderedDict() or OrderedDict([[key, value], ...]).
    private static PickleDictionary? MakeDictionary(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments is [List<object?> items])
        {
            foreach (object? item in items)
            {
                (object? Key, object? Value)? pair = item switch
                {
                    object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                    List<object?> { Count: 2 } list => (list[0], list[1]),
                    _ => null,
                };
                if (pair is not { } found)
                {
                    return null;
                }

                dictionary.Items.Add(KeyValuePair.Create(found.Key, found.Value));
            }

            return dictionary;
        }

        return arguments.Length == 0 ? dictionary : null;
    }

    private static bool IsLong(object? value) => value is long;
}
