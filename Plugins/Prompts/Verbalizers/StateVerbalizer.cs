using DeltaTune.Backbones;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>A verbalizer that compares one vector a row with its classes: the states at the masks, or the pooled state.</summary>
/// <param name="name">The component's name.</param>
internal abstract class StateVerbalizer(string name) : Verbalizer(name)
{
    private StateReader? _states;

    /// <inheritdoc/>
    public sealed override ReadOutKind Reads => States.Kind;

    /// <summary>Gets what reads the vectors.</summary>
    /// <exception cref="InvalidOperationException">The verbalizer is not bound.</exception>
    protected StateReader States => _states ?? throw new InvalidOperationException("a verbalizer must be bound before it scores");

    /// <inheritdoc/>
    public sealed override void Bind(Backbone backbone, Template template, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(task);
        _states = Make(backbone, template, task, TextBackbone.DeviceOf(backbone));
    }

    /// <summary>Makes what the classes are compared by, once what is read is known.</summary>
    /// <param name="backbone">Gives the read-outs.</param>
    /// <param name="template">Bound already.</param>
    /// <param name="task">Gives the classes.</param>
    /// <param name="device">Where the backbone is.</param>
    /// <returns>What reads the vectors.</returns>
    /// <exception cref="InvalidRunException">They do not fit.</exception>
    protected abstract StateReader Make(Backbone backbone, Template template, ITask task, Device device);
}
