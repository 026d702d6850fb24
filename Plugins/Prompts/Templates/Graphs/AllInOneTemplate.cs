using DeltaTune.Backbones;
using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>A small trained graph that is linked to every example's graph: its nodes to one another and to the example's, where they are alike.</summary>
/// <remarks>Source: Sun et al. 2023, "All in One: Multi-Task Prompting for Graph Neural Networks", §3.3, https://arxiv.org/abs/2307.01504. Differences are named on <see cref="PromptGraphEffect"/>.</remarks>
internal sealed class AllInOneTemplate : PromptedGraphTemplate
{
    private readonly AllInOneTemplateOptions _options;

    /// <summary>Creates the template.</summary>
    /// <param name="options">Its settings.</param>
    public AllInOneTemplate(AllInOneTemplateOptions options)
        : base("all-in-one", options.Field, options.Hops)
        => _options = options;

    /// <inheritdoc/>
    protected override bool AddsNodes => true;

    /// <inheritdoc/>
    protected override SiteAction Make(Backbone backbone, Device device)
        => new(backbone.Embeddings, new PromptGraphEffect(Glorot(_options.Tokens, backbone.Embeddings.Features, device), _options));
}
