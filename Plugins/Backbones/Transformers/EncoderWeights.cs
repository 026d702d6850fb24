using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Files;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>Finds the tensors of a BERT-like encoder in a checkpoint, under any of the names that they were saved by, and reads them as float32.</summary>
/// <remarks>
/// A checkpoint may be of the bare encoder (no <c>bert.</c>), with or without pooler, prediction head and classifier; BERT's first checkpoints call
/// a norm's weight and bias <c>gamma</c> and <c>beta</c>. Tensors that nobody asks for (<c>cls.seq_relationship</c>, <c>position_ids</c>, other heads) are left alone.
/// </remarks>
internal sealed class EncoderWeights(EncoderFamily family, EncoderConfig config, Checkpoint checkpoint)
{
    private readonly string _file = $"'{checkpoint.Path}'";

    /// <summary>Lists what the network is to have: the encoder, and pooler and prediction head where the checkpoint has them.</summary>
    /// <exception cref="InvalidRunException">Tensors are missing or misshapen; all are told together.</exception>
    public IReadOnlyList<WeightSpec> Specs()
    {
        bool pooler = Find(family.Prefix + "pooler.dense.weight") is not null, predictions = Find(family.HeadDense + ".weight") is not null;
        IReadOnlyList<WeightSpec> specs = EncoderSpecs.Of(family, config, pooler, predictions);
        WeightSpec[] missing = [.. specs.Where(spec => Find(spec.Name) is null)];
        if (missing.Length > 0)
        {
            throw new InvalidRunException(
                _file,
                $"must have the {specs.Count} tensors that config.json asks for, but lacks {missing.Length}: "
                + string.Join(", ", missing.Take(3).Select(spec => $"'{spec.Name}' [{string.Join(", ", spec.Shape)}]")) + (missing.Length > 3 ? ", ..." : ""));
        }

        RunProblem[] misshapen = [.. specs.Select(spec => Misfit(Find(spec.Name)!, spec.Shape)).OfType<RunProblem>()];
        return misshapen.Length == 0 ? specs : throw new InvalidRunException(misshapen);
    }

    /// <summary>Reads one tensor of the network.</summary>
    /// <returns>A new tensor in the current dispose scope.</returns>
    /// <exception cref="InvalidRunException">It is cut short or not finite.</exception>
    public Tensor Read(WeightSpec spec) => Read(Find(spec.Name)!);

    /// <summary>Reads the classification head, where the checkpoint has one of this family's form.</summary>
    /// <returns>New tensors by name, in the current dispose scope; none where there is no head.</returns>
    public Dictionary<string, Tensor> ReadClassifier()
    {
        // BERT: [classes, hidden]; RoBERTa: [hidden, hidden], then [classes, hidden].
        (string Last, string[] Names) form = family.PooledClassifier ? ("classifier", []) : ("classifier.out_proj", ["classifier.dense"]);
        if (!checkpoint.Contains(form.Last + ".weight") || checkpoint.Shape(form.Last + ".weight") is not [> 0 and var classes, _])
        {
            return [];
        }

        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, long rows) in form.Names.Select(name => (name, (long)config.HiddenSize)).Append((form.Last, classes)))
        {
            Take(name + ".weight", [rows, config.HiddenSize]);
            Take(name + ".bias", [rows]);
        }

        return tensors;

        void Take(string name, long[] shape)
        {
            if (!checkpoint.Contains(name))
            {
                throw new InvalidRunException(_file, $"must have '{name}' [{string.Join(", ", shape)}] beside '{form.Last}.weight', but does not");
            }

            if (Misfit(name, shape) is { } problem)
            {
                throw new InvalidRunException([problem]);
            }

            tensors.Add(name, Read(name));
        }
    }

    private Tensor Read(string stored)
    {
        Tensor value = BrokenFile.Guard(checkpoint.Path, () => checkpoint.Read(stored, ScalarType.Float32));
        return FiniteCheck.HasNonFinite(StoredType.F32, value.bytes)
            ? throw new InvalidRunException($"{_file}: tensor '{stored}'", "must have finite values only, but has NaN or infinity")
            : value;
    }

    private RunProblem? Misfit(string stored, long[] shape)
    {
        string place = $"{_file}: tensor '{stored}'";
        IReadOnlyList<long> seen = checkpoint.Shape(stored);
        if (!seen.SequenceEqual(shape))
        {
            return new RunProblem(place, $"must be [{string.Join(", ", shape)}], as config.json says, but is [{string.Join(", ", seen)}]");
        }

        StoredType type = checkpoint.StoredTypeOf(stored);
        return type.IsFloatingPoint() ? null : new RunProblem(place, $"must be of F16, BF16, F32 or F64, but is of {type.SafetensorsName()}");
    }

    private string? Find(string name) => Names(name).FirstOrDefault(checkpoint.Contains);

    private IEnumerable<string> Names(string name)
    {
        string[] spellings = [name, .. Spellings(name)];
        return name.StartsWith(family.Prefix, StringComparison.Ordinal) ? spellings.Concat(spellings.Select(s => s[family.Prefix.Length..])) : spellings;
    }

    private IEnumerable<string> Spellings(string name)
    {
        if (name.EndsWith(".LayerNorm.weight", StringComparison.Ordinal))
        {
            yield return name[..^"weight".Length] + "gamma";
        }
        else if (name.EndsWith(".LayerNorm.bias", StringComparison.Ordinal))
        {
            yield return name[..^"bias".Length] + "beta";
        }
        else if (name == family.HeadBias + ".bias")
        {
            yield return family.HeadDecoder + ".bias"; // the same tensor under transformers' second name
        }
    }
}
