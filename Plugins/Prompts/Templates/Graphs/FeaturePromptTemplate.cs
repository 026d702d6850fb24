using DeltaTune.Backbones;
using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>A trained vector added to the features of every node: one for all nodes (GPF), or one for each, mixed of a few by what the node is (GPF-plus).</summary>
/// <remarks>
/// Source: Fang et al. 2023, "Universal Prompt Tuning for Graph Neural Networks", §3.3, https://arxiv.org/abs/2209.15240. It acts on the embeddings that the first layer reads, as theirs does on
/// atoms. Differs from theirs: prompts start at zero unless told otherwise.
/// </remarks>
internal sealed class FeaturePromptTemplate : PromptedGraphTemplate
{
    private readonly int? _vectors; // null: one for all nodes
    private readonly GraphPromptStart _start;

    /// <summary>Creates the <c>gpf</c> template.</summary>
    /// <param name="options">Its settings.</param>
    public FeaturePromptTemplate(GpfTemplateOptions options)
        : base("gpf", options.Field, options.Hops)
        => _start = options.Start;

    /// <summary>Creates the <c>gpf-plus</c> template.</summary>
    /// <param name="options">Its settings.</param>
    public FeaturePromptTemplate(GpfPlusTemplateOptions options)
        : base("gpf-plus", options.Field, options.Hops)
        => (_vectors, _start) = (options.Vectors, options.Start);

    /// <inheritdoc/>
    protected override bool AddsNodes => false;

    /// <inheritdoc/>
    protected override SiteAction Make(Backbone backbone, Device device)
    {
        long rows = _vectors ?? 1, features = backbone.Embeddings.Features;
        Tensor prompts = _start == GraphPromptStart.Glorot ? Glorot(rows, features, device) : zeros([rows, features], device: device);
        return new SiteAction(backbone.Embeddings, new FeaturePromptEffect(prompts, _vectors is null ? null : Glorot(rows, features, device)));
    }
}
