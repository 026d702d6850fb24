using DeltaTune.Backbones;
using DeltaTune.Sites;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Prompts;

/// <summary>Turns an example into what the backbone reads. Its trainable part, if any, acts at sites, as a delta's does.</summary>
/// <remarks>Soft tokens and feature prompts are effects at the embeddings, a prefix is one at every attention. The template owns their parameters.</remarks>
public abstract class Template : nn.Module
{
    private Attachment? _attachment;

    /// <summary>Names the template.</summary>
    /// <param name="name">The component's name.</param>
    protected Template(string name)
        : base(name)
    {
    }

    /// <summary>Gets how many positions each row is predicted at; 0 where nothing is predicted at a token.</summary>
    public abstract int Masks { get; }

    /// <summary>Prepares for one backbone and task: checks fields and kind, makes trainable parts. Called once, before anything else.</summary>
    /// <param name="backbone">Nothing of it is changed.</param>
    /// <param name="task">Whose examples will be wrapped.</param>
    /// <exception cref="InvalidRunException">The template does not fit: a field that the task lacks, a mask that a graph network cannot predict.</exception>
    public abstract void Bind(Backbone backbone, ITask task);

    /// <summary>Wraps an example. May be called from several threads at once.</summary>
    /// <param name="example">One of the bound task's.</param>
    /// <returns>The prompt's pieces, in order.</returns>
    public abstract IReadOnlyList<PromptPiece> Wrap(Example example);

    /// <summary>Says what the trainable part does where.</summary>
    /// <param name="backbone">The one bound to.</param>
    /// <returns>Empty where nothing is trained. The effects are children of this module.</returns>
    protected abstract IReadOnlyList<SiteAction> Plan(Backbone backbone);

    /// <summary>Puts the trainable part in place.</summary>
    /// <param name="backbone">The one bound to.</param>
    public void Attach(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        Detach();
        _attachment = Attachment.Create(Plan(backbone));
    }

    /// <summary>Takes the trainable part out; it keeps its parameters.</summary>
    public void Detach()
    {
        _attachment?.Dispose();
        _attachment = null;
    }
}
