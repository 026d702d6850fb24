using System.Security.Cryptography;
using DeltaTune.Backbones.Molecules;
using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>The molecules of a file as graphs, with what their structure says of them.</summary>
internal sealed class MoleculeSet : GraphSet
{
    private readonly int _lines; // those that are no molecule are passed over

    private MoleculeSet(string key, IReadOnlyList<Graph> graphs, IReadOnlyList<float[]> properties, int lines)
        : base(key)
        => (Graphs, Properties, _lines) = (graphs, properties, lines);

    /// <inheritdoc/>
    public override IReadOnlyList<Graph> Graphs { get; }

    /// <inheritdoc/>
    public override string Items => "molecules";

    /// <inheritdoc/>
    public override string Contents => FormattableString.Invariant($"{Graphs.Count:N0} molecules in {_lines:N0} lines");

    /// <inheritdoc/>
    public override int? Features => null;

    /// <summary>Gets each molecule's properties, <see cref="MoleculeProperties.Names"/>, as counted.</summary>
    public IReadOnlyList<float[]> Properties { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidRunException">No line is a molecule; the first one's trouble is told.</exception>
    public static MoleculeSet Read(string path, CancellationToken cancellationToken)
    {
        string key;
        using (FileStream stream = File.OpenRead(path))
        {
            key = Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        string[] lines = [.. CorpusLines.Read(path)];
        (Graph Graph, float[] Properties)?[] read = [.. lines.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(ReadLine)];
        (Graph Graph, float[] Properties)[] good = [.. read.OfType<(Graph, float[])>()];
        if (good.Length == 0)
        {
            throw new InvalidRunException("data", $"must have molecules, a SMILES first on each line, but '{path}' has none in {lines.Length} lines");
        }

        return new MoleculeSet(key, [.. good.Select(m => m.Graph)], [.. good.Select(m => m.Properties)], lines.Length);
    }

    /// <inheritdoc/>
    public override NodeLinks Links(IReadOnlyList<int> items, int negatives, SplitMix64 random)
    {
        List<long> firsts = [], linked = [], unlinked = [];
        long start = 0;
        foreach (Graph graph in items.Select(item => Graphs[item]))
        {
            var bonded = new HashSet<(int, int)>(graph.Sources.Zip(graph.Targets));
            for (int e = 0; e < graph.Sources.Length; e += 2) // each bond stands there and back
            {
                int atom = graph.Sources[e];
                if (Others(graph.NodeCount, negatives, other => other == atom || bonded.Contains((atom, other)), random) is { } others)
                {
                    firsts.Add(start + atom);
                    linked.Add(start + graph.Targets[e]);
                    unlinked.AddRange(others.Select(other => start + other));
                }
            }

            start += graph.NodeCount;
        }

        return new NodeLinks([.. items.Select(item => new EncodedGraph(Graphs[item]))], [.. firsts], [.. linked], [.. unlinked]);
    }

    private static (Graph, float[])? ReadLine(string line)
    {
        try
        {
            Molecule molecule = MoleculeCleaner.Read(line.Split([' ', '\t', ','], 2, StringSplitOptions.TrimEntries)[0]);
            return molecule.Atoms.Count == 0 ? null : (MoleculeGraphs.Of(molecule), MoleculeProperties.Of(molecule));
        }
        catch (InvalidRunException)
        {
            return null; // counted: the card tells how many lines were molecules
        }
    }
}
