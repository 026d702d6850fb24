namespace DeltaTune.Backbones.Graphs;

/// <summary>A kind of graph network: how its convolutions stand in a checkpoint, and what they compute.</summary>
internal abstract class GraphFamily
{
    /// <summary>Gets the component's name.</summary>
    public abstract string Name { get; }

    /// <summary>Gets what it is called in messages: <c>GIN</c>.</summary>
    public abstract string Title { get; }

    /// <summary>Gets whether there is a form of it for molecules.</summary>
    public abstract bool ReadsMolecules { get; }

    /// <summary>Gets ε, where an untrained convolution has one.</summary>
    public abstract double Epsilon { get; }

    /// <summary>Gets whether the maps of an untrained convolution start as Glorot and Bengio 2010 have it; else as torch's Linear.</summary>
    public virtual bool StartsAsGlorot => false;

    /// <summary>Gets whether each layer gives as many features as it reads.</summary>
    public virtual bool HasOneSize => false;

    /// <summary>Gets the name of the map of features before the first layer that every network of the family has; null for none.</summary>
    public virtual string? InputMap => null;

    /// <summary>Gets whether the activation follows that map.</summary>
    public virtual bool ActivatesInput => true;

    /// <summary>Gets whether an untrained network has norms after its layers, in the scheme <c>features</c>.</summary>
    public virtual bool HasNorms => true;

    /// <summary>Gets what a node is told of its place in its graph, by way of the map <c>pe_lin</c>.</summary>
    public virtual GraphEncoding Encoding => GraphEncoding.None;

    /// <summary>Gets how many numbers that are.</summary>
    public virtual long EncodingSize => 0;

    /// <summary>Gets the name of the table of entities that a network of the family may have in place of features; null for none.</summary>
    public virtual string? Entities => null;

    /// <summary>Gets how many entities an untrained network has; null where nodes carry features.</summary>
    public virtual int? UntrainedEntities => null;

    /// <summary>Finds a convolution in a checkpoint.</summary>
    /// <param name="shapes">The checkpoint.</param>
    /// <param name="name">The convolution's path there.</param>
    /// <param name="layer">The layer number.</param>
    /// <param name="input">What it reads a node; null for what the checkpoint says.</param>
    /// <exception cref="InvalidRunException">It is not there.</exception>
    public abstract ConvolutionPlan Plan(GraphShapes shapes, string name, int layer, long? input);

    /// <summary>Adds the names and shapes of an untrained convolution, but for bonds.</summary>
    /// <param name="shapes">Gets them.</param>
    /// <param name="name">The convolution's path.</param>
    /// <param name="input">What it reads a node.</param>
    /// <param name="output">What it gives.</param>
    /// <returns>The width of its bond embeddings, in molecules.</returns>
    public abstract long Untrained(IDictionary<string, IReadOnlyList<long>> shapes, string name, long input, long output);
}
