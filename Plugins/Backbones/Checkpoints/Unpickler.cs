using System.Globalization;
using System.Numerics;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>Rebuilds tensors and containers from a pickle, and refuses everything else by name. No code of the file is ever run.</summary>
/// <remarks>
/// Source: the opcode table of Python's pickletools, protocols 0 to 4. Values are: null, bool, long, BigInteger, double, string, byte[],
/// object[] (tuple), List (list and set), <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="PickledStorage"/> and
/// <see cref="PickledTensor"/>. Each opcode makes at most one value, so memory is bounded by the file's size.
/// </remarks>
internal sealed class Unpickler
{
    private const int MostDigits = 4096;
    private readonly PickleReader _reader;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private long _copied; // items that calls have copied out of lists

    private Unpickler(PickleReader reader) => _reader = reader;

    /// <summary>Reads one pickle, up to and with its STOP.</summary>
    /// <exception cref="InvalidDataException">The pickle is damaged, or asks for a name that is refused.</exception>
    public static object? Read(PickleReader reader)
    {
        var unpickler = new Unpickler(reader);
        while (true)
        {
            char opcode = (char)reader.Byte();
            if (opcode == '.')
            {
                return unpickler.Pop();
            }

            if (!unpickler.Constant(opcode) && !unpickler.Container(opcode))
            {
                unpickler.Machine(opcode);
            }
        }
    }

    // Opcodes that push one value made from their own bytes.
    private bool Constant(char opcode)
    {
        object? value;
        switch (opcode)
        {
            case 'N': value = null; break;
            case '\x88': value = true; break;
            case '\x89': value = false; break;
            case 'K': value = (long)_reader.Byte(); break;
            case 'M': value = (long)_reader.UInt16(); break;
            case 'J': value = (long)_reader.Int32(); break;
            case '\x8a': value = Integer(_reader.Byte()); break;
            case '\x8b': value = Integer(_reader.Int32()); break;
            case 'G': value = _reader.BigEndianDouble(); break;
            case 'I': value = Number(_reader.Line()); break;
            case 'L': value = Number(_reader.Line().TrimEnd('L')); break;
            case 'F': value = double.TryParse(_reader.Line(), CultureInfo.InvariantCulture, out double real) ? real : throw _reader.Bad("a number is not one"); break;
            case 'X': value = _reader.Text((uint)_reader.Int32()); break;
            case '\x8c': value = _reader.Text(_reader.Byte()); break;
            case '\x8d': value = _reader.Text(_reader.Int64()); break;
            case 'V': value = _reader.Line(); break;
            case 'S': value = _reader.Line().Trim('\'', '"'); break;
            case 'T': value = _reader.Text(_reader.Int32()); break;
            case 'U': value = _reader.Text(_reader.Byte()); break;
            case 'C': value = _reader.Bytes(_reader.Byte()); break;
            case 'B': value = _reader.Bytes((uint)_reader.Int32()); break;
            case '\x8e': value = _reader.Bytes(_reader.Int64()); break;
            default: return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool Container(char opcode)
    {
        switch (opcode)
        {
            case '}': _stack.Add(new PickleDictionary()); break;
            case ']': case '\x8f': _stack.Add(new List<object?>()); break;
            case ')': _stack.Add(Array.Empty<object?>()); break;
            case 't': _stack.Add(PopToMark()); break;
            case '\x85': _stack.Add(new[] { Pop() }); break;
            case '\x86': _stack.Add(Last(2)); break;
            case '\x87': _stack.Add(Last(3)); break;
            case 'l': case '\x91': _stack.Add(new List<object?>(PopToMark())); break;
            case 'd': _stack.Add(Fill(new PickleDictionary(), PopToMark())); break;
            case 'a': Extend([Pop()]); break;
            case 'e': case '\x90': Extend(PopToMark()); break;
            case 's': Fill(Last(2)); break;
            case 'u': Fill(PopToMark()); break;
            default: return false;
        }

        return true;
    }

    private void Machine(char opcode)
    {
        switch (opcode)
        {
            case '\x80':
                int protocol = _reader.Byte();
                if (protocol > 5)
                {
                    throw _reader.Bad($"the protocol must be at most 5, but is {protocol}");
                }

                break;
            case '\x95': _reader.Int64(); break; // FRAME: only a hint for buffering
            case '(': _marks.Add(_stack.Count); break;
            case '0': Pop(); break;
            case '1': PopToMark(); break;
            case '2': _stack.Add(Peek()); break;
            case 'q': _memo[_reader.Byte()] = Peek(); break;
            case 'r': _memo[(uint)_reader.Int32()] = Peek(); break;
            case 'p': _memo[Index(_reader.Line())] = Peek(); break;
            case '\x94': _memo[_memo.Count] = Peek(); break;
            case 'h': _stack.Add(Recall(_reader.Byte())); break;
            case 'j': _stack.Add(Recall((uint)_reader.Int32())); break;
            case 'g': _stack.Add(Recall(Index(_reader.Line()))); break;
            case 'c': _stack.Add(Global(_reader.Line(), _reader.Line())); break;
            case '\x93':
                object?[] names = Last(2);
                _stack.Add(names is [string module, string name] ? Global(module, name) : throw _reader.Bad("a name must be two texts"));
                break;
            case 'Q': _stack.Add(TorchGlobals.Storage(Pop()) ?? throw _reader.Bad("a persistent object must be a storage of a known type, without a view of its own")); break;
            case 'R': case '\x81': Reduce(); break;
            case 'b': Build(); break;
            default: throw _reader.Bad($"there is opcode 0x{(int)opcode:X2}, which a file of tensors does not need");
        }
    }

    private void Reduce()
    {
        object?[] call = Last(2);
        if (call is not [PickleGlobal global, object?[] arguments])
        {
            throw _reader.Bad("a call must have an allowed name and a tuple");
        }

        // A list that is kept can be named again and again at two bytes each; honest files copy each item once.
        _copied += arguments is [List<object?> items] ? items.Count : 0;
        if (_copied > _reader.Position)
        {
            throw _reader.Bad("calls have copied more items than the data can hold");
        }

        _stack.Add(TorchGlobals.Call(global, arguments) ?? throw _reader.Bad($"'{global.Name}' cannot be called with {arguments.Length} arguments of these kinds"));
    }

    // State that Python would put on the object, such as a state dict's version numbers. Only containers may have some; it is not needed.
    private void Build()
    {
        if (Last(2) is not [PickleDictionary target, _])
        {
            throw _reader.Bad("only a dictionary may be given state");
        }

        _stack.Add(target);
    }

    private PickleGlobal Global(string module, string name) => TorchGlobals.Find(module, name)
        ?? throw new InvalidDataException(_reader.Bad($"'{module}.{name}' is asked for").Message[..^1]
            + ", which is refused: only tensors and plain containers are read from a checkpoint, and nothing of it is run.");

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw _reader.Bad("a value is missing");

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] Last(int count)
    {
        if (_stack.Count - Floor < count)
        {
            throw _reader.Bad("a value is missing");
        }

        object?[] values = [.. _stack.GetRange(_stack.Count - count, count)];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw _reader.Bad("a mark is missing");
        }

        object?[] values = Last(_stack.Count - _marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private void Extend(object?[] values) => (Peek() as List<object?> ?? throw _reader.Bad("a list must be extended")).AddRange(values);

    private void Fill(object?[] values) => Fill(Peek() as PickleDictionary ?? throw _reader.Bad("a dictionary must be filled"), values);

    private PickleDictionary Fill(PickleDictionary dictionary, object?[] values)
    {
        if (values.Length % 2 != 0)
        {
            throw _reader.Bad("a key has no value");
        }

        for (int index = 0; index < values.Length; index += 2)
        {
            dictionary.Items.Add(KeyValuePair.Create(values[index], values[index + 1]));
        }

        return dictionary;
    }

    private object? Recall(long index) => _memo.TryGetValue(index, out object? value) ? value : throw _reader.Bad($"value {index} is recalled before it is kept");

    private long Index(string line) => long.TryParse(line, CultureInfo.InvariantCulture, out long index) ? index : throw _reader.Bad("an index is not a number");

    private object Integer(int length) => Boxed(new BigInteger(_reader.Bytes(length)));

    // "01" and "00" are how protocol 0 writes true and false.
    private object Number(string line) => line switch
    {
        "01" => true,
        "00" => false,
        _ when long.TryParse(line, CultureInfo.InvariantCulture, out long number) => number,
        _ when line.Length <= MostDigits && BigInteger.TryParse(line, CultureInfo.InvariantCulture, out BigInteger number) => Boxed(number),
        _ => throw _reader.Bad("a number is not one"),
    };

    // What fits is a long, however it was written, so that sizes are of one kind.
    private static object Boxed(BigInteger value)
    {
        object boxed = value >= long.MinValue && value <= long.MaxValue ? (long)value : (object)value;
        return boxed;
    }
}
