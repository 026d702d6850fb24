using DeltaTune.Backbones;
using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>A trained weight on each feature of the states that are read out: s = ReadOut({p ⊙ h_v}).</summary>
/// <remarks>
/// Source: Liu et al. 2023, "GraphPrompt: Unifying Pre-Training and Downstream Tasks for Graph Neural Networks", §4.3, https://arxiv.org/abs/2302.08043. Its subgraph similarity is the
/// verbalizer <c>similarity</c>; <c>hops</c> makes the subgraphs. p starts at 1. Where a network joins several layers' states, p weighs what the last one gives to that.
/// </remarks>
internal sealed class GraphPromptTemplate : PromptedGraphTemplate
{
    /// <summary>Creates the template.</summary>
    /// <param name="options">Its settings.</param>
    public GraphPromptTemplate(GraphPromptTemplateOptions options)
        : base("graph-prompt", options.Field, options.Hops)
    {
    }

    /// <inheritdoc/>
    protected override bool AddsNodes => false;

    /// <inheritdoc/>
    protected override SiteAction Make(Backbone backbone, Device device)
    {
        // What the last layer gives. A network that is a part of another has the part's name before its paths, and reads what the parts before it give.
        StreamSite site = backbone.Sites.OfType<StreamSite>().LastOrDefault(s => s.Layer is { } layer && $".{s.Path}".EndsWith($".layers.{layer}", StringComparison.Ordinal))
            ?? throw new InvalidRunException("template", $"must suit the backbone: 'graph-prompt' acts on the states that 'layers.{backbone.Description.Layers - 1}' gives, but '{backbone.Description.Family}' has no such site; 'gpf' would do");
        return new SiteAction(site, new StateWeightEffect(site.OutFeatures, device));
    }
}
