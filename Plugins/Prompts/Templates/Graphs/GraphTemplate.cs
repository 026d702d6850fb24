using DeltaTune.Backbones;
using DeltaTune.Sites;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Templates;

/// <summary>Gives the backbone an example's graph as it is, or the graph that the backbone makes of its text. Nothing is trained.</summary>
internal sealed class GraphTemplate : Template
{
    private readonly ExampleGraphs _graphs;

    /// <summary>Creates the template.</summary>
    /// <param name="options">Its settings.</param>
    public GraphTemplate(GraphTemplateOptions options)
        : base("graph")
    {
        ArgumentNullException.ThrowIfNull(options);
        _graphs = new ExampleGraphs("graph", options.Field, options.Hops);
    }

    /// <inheritdoc/>
    public override int Masks => 0;

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(task);
        _graphs.Bind(backbone, task);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PromptPiece> Wrap(Example example) => _graphs.Wrap(example);

    /// <inheritdoc/>
    protected override IReadOnlyList<SiteAction> Plan(Backbone backbone) => [];
}
