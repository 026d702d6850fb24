using DeltaTune.Backbones;
using DeltaTune.Sites;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>What templates with a trainable part at one site of a graph network share.</summary>
internal abstract class PromptedGraphTemplate : Template
{
    private readonly ExampleGraphs _graphs;
    private SiteAction? _action;

    /// <param name="name">The component's name.</param>
    /// <param name="field">The field with the text.</param>
    /// <param name="hops">How far around nodes graphs are cut out; null for not at all.</param>
    protected PromptedGraphTemplate(string name, string field, int? hops)
        : base(name)
        => _graphs = new ExampleGraphs(name, field, hops);

    /// <inheritdoc/>
    public sealed override int Masks => 0;

    /// <inheritdoc/>
    public sealed override void Bind(Backbone backbone, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(task);
        _graphs.Bind(backbone, task);
        if (AddsNodes && task.Labels == LabelKind.Node)
        {
            throw new InvalidRunException("template", $"must leave the graph its nodes, which are the answers of '{task.Name}', but '{GetName()}' adds some; 'gpf' would do");
        }

        _action = Make(backbone, TextBackbone.DeviceOf(backbone));
        register_module("prompt", _action.Effect!);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<PromptPiece> Wrap(Example example) => _graphs.Wrap(example);

    /// <summary>Gets whether the trainable part adds nodes to graphs.</summary>
    protected abstract bool AddsNodes { get; }

    /// <summary>Makes the trainable part.</summary>
    /// <param name="backbone">A graph network.</param>
    /// <param name="device">Where parameters go.</param>
    /// <returns>The site, and an effect for it.</returns>
    /// <exception cref="InvalidRunException">The network has no place for it.</exception>
    protected abstract SiteAction Make(Backbone backbone, Device device);

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<SiteAction> Plan(Backbone backbone)
        => [_action ?? throw new InvalidOperationException("a template must be bound before it is attached")];

    /// <summary>Draws uniform numbers within ±√(6 / (rows + features)).</summary>
    protected static Tensor Glorot(long rows, long features, Device device)
    {
        double bound = Math.Sqrt(6.0 / (rows + features));
        return empty([rows, features], device: device).uniform_(-bound, bound);
    }
}
