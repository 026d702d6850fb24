using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Templates;

/// <summary>Settings of the <c>all-in-one</c> template.</summary>
public sealed record AllInOneTemplateOptions
{
    /// <summary>Gets the field of an example that the backbone makes a graph of, where the example has no graph of its own: a molecule's SMILES.</summary>
    /// <value>The default is <c>smiles</c>, as the task <c>molecules</c> has it.</value>
    [Required, MinLength(1)]
    public string Field { get; init; } = "smiles";

    /// <summary>Gets how many edges around the nodes asked about are cut out of a graph: what is asked about is then the part as a whole.</summary>
    /// <value>1 or more. The default, null, leaves the graph whole and reads the node asked about, or the graph.</value>
    [Range(1, int.MaxValue)]
    public int? Hops { get; init; }

    /// <summary>Gets how many nodes the prompt graph has.</summary>
    /// <value>1 or more. The default is 10, as in Sun et al. 2023, §4.1.</value>
    [Range(1, int.MaxValue)]
    public int Tokens { get; init; } = 10;

    /// <summary>Gets how the prompt graph is put into an example's graph.</summary>
    /// <value>The default is <c>links</c>, as in the published code (ProG). On small graphs, such as molecules, its nodes then outnumber an atom's neighbours and a frozen network reads little
    /// but the prompt: there <c>features</c>, which is the paper's own equation, keeps the graph as it is.</value>
    public PromptInsertion Insertion { get; init; }

    /// <summary>Gets how alike two nodes of the prompt graph must be to be linked: more than this, as σ(p·p'). Of no account where insertion is <c>features</c>, as what else is said of links.</summary>
    /// <value>From 0 to 1. The default is 0.3, as in the published code (ProG).</value>
    [Range(0.0, 1.0)]
    public double InnerThreshold { get; init; } = 0.3;

    /// <summary>Gets how alike a node of the prompt graph and one of the example must be to be linked: more than this, as σ(p·x).</summary>
    /// <value>From 0 to 1. The default is 0.1, as in the published code (ProG).</value>
    [Range(0.0, 1.0)]
    public double CrossThreshold { get; init; } = 0.1;

    /// <summary>Gets whether links between prompt and example also lead back to the prompt.</summary>
    /// <value>The default is false: messages go from the prompt to the example, as in the published code.</value>
    public bool TwoWay { get; init; }

    /// <summary>Gets the features of the links that are added, on networks whose edges have any: category numbers or numbers.</summary>
    /// <value>The default, none, is 0 for each: of molecules, a single bond without direction.</value>
    public IReadOnlyList<double> LinkFeatures { get; init; } = [];
}
