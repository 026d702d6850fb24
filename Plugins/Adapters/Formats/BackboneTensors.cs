using DeltaTune.Backbones;
using DeltaTune.Sites;

namespace DeltaTune.Adapters.Formats;

/// <summary>Finds the backbone's own weights among a file's tensors: those that were trained beside the delta.</summary>
internal static class BackboneTensors
{
    /// <summary>The parameters whose checkpoint path is a tensor's name, in the backbone's order.</summary>
    /// <param name="backbone">Where they are looked for.</param>
    /// <param name="names">The file's names, without a format's prefix.</param>
    /// <param name="others">Beginnings of names that are somebody else's.</param>
    public static IReadOnlyList<ParameterSite> Named(Backbone backbone, IEnumerable<string> names, IReadOnlyList<string> others)
    {
        var wanted = names.Where(n => !TensorTransfer.IsOthers(n, others)).ToHashSet(StringComparer.Ordinal);
        return [.. backbone.Sites.OfType<ParameterSite>().Where(s => wanted.Contains(s.CheckpointPath)).DistinctBy(s => s.CheckpointPath)];
    }
}
