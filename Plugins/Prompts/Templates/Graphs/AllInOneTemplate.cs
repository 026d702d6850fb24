using DeltaTune.Backbones;
using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>A small trained graph that is put into every example's graph: linked to it, or added to its features, where their nodes are alike.</summary>
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
    {
        Tensor tokens = Glorot(_options.Tokens, backbone.Embeddings.Features, device);
        return new SiteAction(backbone.Embeddings, _options.Insertion == PromptInsertion.Features ? new AddedTokensEffect(tokens, _options.CrossThreshold) : new PromptGraphEffect(tokens, _options));
    }
}
