using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Files;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Reads the tensors of a GIN from its checkpoint, each checked before it is used.</summary>
internal sealed class GinCheckpoint : IDisposable
{
    private readonly Checkpoint _file;

    /// <exception cref="InvalidRunException">It is missing, cut short or damaged.</exception>
    public GinCheckpoint(string path)
    {
        try
        {
            _file = Checkpoint.Open(path);
        }
        catch (Exception found) when (found is FileNotFoundException or InvalidDataException)
        {
            throw new InvalidRunException("path", $"must name readable weights: {found.Message}", found);
        }
    }

    public string Path => _file.Path;

    /// <summary>Gets every tensor's sizes by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes
        => _file.Names.ToDictionary(name => name, name => _file.Shape(name), StringComparer.Ordinal);

    /// <summary>Reads tensors as float32.</summary>
    /// <returns>They are the caller's to dispose.</returns>
    /// <exception cref="InvalidRunException">Some are missing, misshapen or not finite: all are named together.</exception>
    public Dictionary<string, Tensor> Read(IReadOnlyList<WeightSpec> specs)
    {
        RunProblem[] problems = [.. specs.Select(Problem).OfType<string>().Select(problem => new RunProblem(Path, problem))];
        return problems.Length == 0
            ? specs.ToDictionary(spec => spec.Name, spec => _file.Read(spec.Name, ScalarType.Float32), StringComparer.Ordinal)
            : throw new InvalidRunException(problems);
    }

    /// <summary>Reads a classification head's two tensors.</summary>
    /// <returns>Empty where the checkpoint has no such head.</returns>
    public Dictionary<string, Tensor> ReadHead(string name)
    {
        string[] names = [.. new[] { name + ".weight", name + ".bias" }.Where(_file.Contains)];
        return names.Length == 2 && _file.Shape(names[0]).Count == 2
            ? Read([.. names.Select(n => new WeightSpec(n, n, null, [.. _file.Shape(n)], WeightStart.Zero))])
            : [];
    }

    public void Dispose() => _file.Dispose();

    private string? Problem(WeightSpec spec)
    {
        if (!_file.Contains(spec.Name))
        {
            return $"must have tensor '{spec.Name}' [{string.Join(", ", spec.Shape)}], but does not";
        }

        IReadOnlyList<long> shape = _file.Shape(spec.Name);
        if (!shape.SequenceEqual(spec.Shape))
        {
            return $"must have tensor '{spec.Name}' as [{string.Join(", ", spec.Shape)}], but has it as [{string.Join(", ", shape)}]";
        }

        StoredType type = _file.StoredTypeOf(spec.Name);
        return !type.IsFloatingPoint() ? $"must have tensor '{spec.Name}' as real numbers, but has it as {type}"
            : FiniteCheck.HasNonFinite(type, _file.ReadBytes(spec.Name)) ? $"must have finite numbers in tensor '{spec.Name}', but has NaN or infinity there"
            : null;
    }
}
