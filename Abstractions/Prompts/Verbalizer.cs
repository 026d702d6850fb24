using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Prompts;

/// <summary>Turns what the backbone answers into class scores. It reads out what it needs, and owns what it trains.</summary>
public abstract class Verbalizer : nn.Module
{
    /// <summary>Names the verbalizer.</summary>
    /// <param name="name">The component's name.</param>
    protected Verbalizer(string name)
        : base(name)
    {
    }

    /// <summary>Gets the only thing that it reads of the hidden states, in scores and in a loss of its own; for the pass that is run for it. Asked once bound.</summary>
    public abstract ReadOutKind Reads { get; }

    /// <summary>Gets whether it scores the nodes of the example's graph, as a task asks whose answers are nodes (<see cref="LabelKind.Node"/>), in place of classes or outputs.</summary>
    /// <value>The default is false.</value>
    public virtual bool ScoresNodes => false;

    /// <summary>Prepares for one backbone, template and task. Called once, before anything else.</summary>
    /// <param name="backbone">Gives the read-outs.</param>
    /// <param name="template">Bound already; says how many masks a row has.</param>
    /// <param name="task">Gives the classes and their label words.</param>
    /// <exception cref="InvalidRunException">They do not fit: a class without words, a read-out that the backbone lacks, another number of masks.</exception>
    public abstract void Bind(Backbone backbone, Template template, ITask task);

    /// <summary>Scores the classes.</summary>
    /// <param name="hidden">What the backbone left. Not disposed.</param>
    /// <returns><c>[rows, classes]</c>, or <c>[rows, nodes]</c> where nodes are scored, in the current dispose scope: fed to cross-entropy as they are.</returns>
    public abstract Tensor Score(Hidden hidden);
}
