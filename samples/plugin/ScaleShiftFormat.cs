using DeltaTune;
using DeltaTune.Backbones;
using DeltaTune.Deltas;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace ScaleShift;

/// <summary>Keeps the delta in the two files that PEFT uses, under a <c>peft_type</c> of its own.</summary>
internal sealed class ScaleShiftFormat : DeltaFormat
{
    private const string Type = "SCALE_SHIFT", Prefix = "base_model.model.";

    /// <inheritdoc/>
    public override string Name => ScaleShiftDelta.MethodName;

    /// <inheritdoc/>
    public override bool Reads(JObject config) => (string?)config?["peft_type"] == Type;

    /// <inheritdoc/>
    public override bool Writes(Delta delta) => delta is ScaleShiftDelta;

    /// <inheritdoc/>
    public override Delta Read(DeltaPackage package, Backbone backbone, IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(others);
        var delta = new ScaleShiftDelta(new ScaleShiftOptions { Sites = (string?)package.Config["sites"] ?? "" });
        try
        {
            delta.Attach(backbone);
            Copy(delta, package, others);
            return delta;
        }
        catch
        {
            delta.Dispose(); // nothing stays attached where something did not fit
            throw;
        }
    }

    /// <inheritdoc/>
    public override DeltaPackage Write(Delta delta, Backbone backbone)
    {
        var own = (ScaleShiftDelta)delta;
        var config = new JObject { ["peft_type"] = Type, ["sites"] = own.Options.Sites };
        return new DeltaPackage(config, own.Parameters().ToDictionary(NameOf, p => p.Value.detach().cpu().clone().DetachFromDisposeScope()));
    }

    private static string NameOf(DeltaParameter parameter) => Prefix + parameter.CheckpointName;

    private static void Copy(Delta delta, DeltaPackage package, IReadOnlyList<string> others)
    {
        using IDisposable off = no_grad();
        Dictionary<string, DeltaParameter> places = delta.Parameters().ToDictionary(NameOf);
        string[] surplus = [.. package.Tensors.Keys.Where(name => !places.ContainsKey(name) && !others.Any(o => name.StartsWith(o, StringComparison.Ordinal)))];
        if (surplus.Length > 0)
        {
            throw new InvalidRunException("adapter_model.safetensors", $"has {surplus.Length} tensors that belong nowhere, such as '{surplus[0]}'");
        }

        foreach ((string name, DeltaParameter place) in places)
        {
            if (!package.Tensors.TryGetValue(name, out Tensor? stored) || !stored.shape.SequenceEqual(place.Value.shape))
            {
                string seen = stored is null ? "is missing" : $"is [{string.Join(", ", stored.shape)}]";
                throw new InvalidRunException("adapter_model.safetensors", $"'{name}' must be [{string.Join(", ", place.Value.shape)}], but {seen}");
            }

            place.Value.copy_(stored);
        }
    }
}
