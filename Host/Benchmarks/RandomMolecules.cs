using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Benchmarks;

/// <summary>Molecule-sized graphs of random atoms and bonds, and the network of Hu et al. 2020 (5 layers, 300 wide) that reads them.</summary>
internal static class RandomMolecules
{
    /// <summary>The shape's name on the command line.</summary>
    public const string Shape = "gin";

    /// <summary>Atoms of a molecule: drug-like ones have about as many.</summary>
    public const int Atoms = 25;

    private const int AtomTypes = 119, Chiralities = 3, BondTypes = 4, BondDirections = 3;

    /// <summary>The options of the untrained network.</summary>
    public static JObject Options(double dropout) => new()
    {
        ["seed"] = 1, ["scheme"] = "molecule", ["layers"] = 5, ["hidden_size"] = 300, ["dropout"] = dropout,
    };

    /// <summary>Makes a batch: each molecule a chain of atoms closed by two rings, each bond in both directions.</summary>
    public static ModelBatch Batch(InputEncoder encoder, int molecules, int atoms, Device device)
    {
        var random = new SplitMix64(1);
        EncodedInput[] rows = [.. Enumerable.Range(0, molecules).Select(_ => encoder.Encode([new GraphPiece(Molecule(atoms, random))], new EncodingOptions()))];
        return encoder.Collate(rows, device);
    }

    private static Graph Molecule(int atoms, SplitMix64 random)
    {
        (int From, int To)[] bonds = [.. Enumerable.Range(1, atoms - 1).Select(i => (i - 1, i)), (0, 5), (atoms - 6, atoms - 1)];
        int[] sources = [.. bonds.SelectMany(b => new[] { b.From, b.To })], targets = [.. bonds.SelectMany(b => new[] { b.To, b.From })];
        long[] nodes = [.. Enumerable.Range(0, atoms).SelectMany(_ => new long[] { random.Next(AtomTypes), random.Next(Chiralities) })];
        long[] edges = [.. bonds.SelectMany(_ => Twice(random.Next(BondTypes), random.Next(BondDirections)))];
        return new Graph(atoms, new FeatureTable(2, nodes), sources, targets, new FeatureTable(2, edges));

        static long[] Twice(long type, long direction) => [type, direction, type, direction];
    }
}
