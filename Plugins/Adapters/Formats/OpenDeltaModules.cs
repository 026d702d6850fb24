using System.Text.RegularExpressions;
using DeltaTune.Backbones;
using DeltaTune.Sites;

namespace DeltaTune.Adapters.Formats;

/// <summary>Finds where in a backbone the modules stand that OpenDelta put its own into.</summary>
/// <remarks>OpenDelta saves its parameters by their names in the modified network: <c>MODULE.lora.lora_A</c>, <c>MODULE.adapter.modulelist.down_proj.weight</c>.</remarks>
internal static class OpenDeltaModules
{
    /// <summary>The modules that hold an inserted one, with the inserted one's name (<c>lora</c>, <c>lora_1</c>), in the file's order.</summary>
    /// <param name="names">The file's names.</param>
    /// <param name="inserted">The inserted module's name without a number.</param>
    /// <param name="member">A name that each inserted module has, such as <c>lora_A</c>.</param>
    public static IReadOnlyDictionary<string, string> Holding(IEnumerable<string> names, string inserted, string member)
    {
        var expression = new Regex($@"\A(.*)\.({inserted}(?:_[0-9]+)?)\.{Regex.Escape(member)}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        var holding = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in names.Select(n => expression.Match(n)).Where(m => m.Success))
        {
            if (!holding.TryAdd(match.Groups[1].Value, match.Groups[2].Value))
            {
                throw new InvalidRunException("delta_model.safetensors", $"has more than one '{inserted}' in '{match.Groups[1].Value}'; load deltas one by one");
            }
        }

        return holding;
    }

    /// <summary>The site whose output is a module's output.</summary>
    /// <typeparam name="TSite">The class of site that is wanted.</typeparam>
    /// <exception cref="InvalidRunException">The backbone has none.</exception>
    public static TSite Site<TSite>(Backbone backbone, string module)
        where TSite : MapSite
    {
        // A module that ends with its norm gives what the norm gives: BERT's `attention` and `output`, whose own sites are the sublayers before the residual.
        string[] outputs = [$"{module}.output.LayerNorm", $"{module}.LayerNorm", module];
        return outputs.SelectMany(path => backbone.Sites.OfType<TSite>().Where(s => s.CheckpointPath == path)).FirstOrDefault()
            ?? throw new InvalidRunException("delta_model.safetensors", $"changes the module '{module}', which has no site of the kind needed in '{backbone.DisplayName()}'");
    }
}
