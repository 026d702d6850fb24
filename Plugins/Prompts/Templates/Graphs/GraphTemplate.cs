using DeltaTune.Backbones;
using DeltaTune.Sites;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Templates;

/// <summary>Gives the backbone an example's graph as it is. Nothing is trained.</summary>
internal sealed class GraphTemplate : Template
{
    /// <summary>Creates the template.</summary>
    /// <param name="options">It has no settings.</param>
    public GraphTemplate(GraphTemplateOptions options)
        : base("graph")
        => ArgumentNullException.ThrowIfNull(options);

    /// <inheritdoc/>
    public override int Masks => 0;

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        if (backbone.Description.Kind != BackboneKind.Graph)
        {
            throw new InvalidRunException(
                "template", $"must suit the backbone: 'graph' gives graphs, but '{backbone.Description.Family}' reads text; 'manual' would do");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PromptPiece> Wrap(Example example)
    {
        ArgumentNullException.ThrowIfNull(example);
        return example.Graph is { } graph
            ? [new GraphPiece(graph, example.ReadNode)]
            : throw new InvalidRunException("template", $"'graph' needs examples with a graph, but '{example.Id}' has none; a task about graphs would do");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<SiteAction> Plan(Backbone backbone) => [];
}
