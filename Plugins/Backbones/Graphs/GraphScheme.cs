namespace DeltaTune.Backbones.Graphs;

/// <summary>What the nodes and edges of a graph carry.</summary>
public enum GraphScheme
{
    /// <summary>Molecules: two categories an atom (element, chirality), two a bond (type, direction), as Hu et al. 2020 number them.</summary>
    Molecule,

    /// <summary>A vector of real numbers a node; edges carry nothing.</summary>
    Features,
}
