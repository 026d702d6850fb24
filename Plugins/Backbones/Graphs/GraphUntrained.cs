using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>An untrained graph network: the names and shapes that its checkpoint would have, and what its tensors start from.</summary>
internal sealed class GraphUntrained : IDisposable
{
    // The categories of Hu et al. 2020: 118 elements and two spare ones; 3 chirality tags; 4 bond types, self-loop, mask; 3 directions.
    private const int Elements = 120, Chiralities = 3, Bonds = 6, Directions = 3;
    private readonly Generator _generator;
    private readonly GraphFamily _family;

    public GraphUntrained(GraphNetworkOptions options, GraphFamily family) => (_generator, _family) = (new Generator((ulong)options.Seed!, CPU), family);

    /// <summary>Names and shapes, as the options say.</summary>
    public static Dictionary<string, IReadOnlyList<long>> Shapes(GraphNetworkOptions options, GraphFamily family)
    {
        var shapes = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        bool molecule = options.Scheme == GraphScheme.Molecule;
        int hidden = options.HiddenSize ?? 300;
        int layers = options.UntrainedLayers;
        if (molecule)
        {
            shapes["x_embedding1.weight"] = [Elements, hidden];
            shapes["x_embedding2.weight"] = [Chiralities, hidden];
        }

        int features = options.Features ?? hidden;
        if (!molecule && (options.InputMap ?? family.InputMap) is { } map)
        {
            shapes[map + ".weight"] = [hidden, features];
            shapes[map + ".bias"] = [hidden];
            features = hidden;
        }

        if (!molecule && family is { Entities: { } table, UntrainedEntities: { } entities })
        {
            shapes[table + ".weight"] = [entities, features];
        }

        if (!molecule && family.Encoding != GraphEncoding.None)
        {
            shapes["pe_lin.weight"] = [hidden, family.EncodingSize];
        }

        for (int i = 0; i < layers; i++)
        {
            string convolution = molecule ? $"gnns.{i}" : options.ConvolutionName(i);
            bool answers = i + 1 == layers && options.OutputSize is not null;
            long bonds = family.Untrained(shapes, convolution, Read(i), answers ? options.OutputSize!.Value : hidden);
            if (molecule)
            {
                shapes[convolution + ".edge_embedding1.weight"] = [Bonds, bonds];
                shapes[convolution + ".edge_embedding2.weight"] = [Directions, bonds];
            }
            else if (family.HasNorms && !answers)
            {
                shapes[$"norms.{i}.running_mean"] = [hidden];
            }
        }

        return shapes;

        int Read(int layer)
        {
            int block = options.BlockLayers ?? layers, within = options.Connections == GraphConnections.Dense ? layer % block : 0;
            return (layer == within && !molecule ? features : hidden) + (within * hidden);
        }
    }

    /// <summary>Draws a tensor: tables and attention vectors as Glorot and Bengio 2010 (Xavier uniform), so the maps of convolutions where the family's do, else maps uniform within ±1/√in as torch's Linear; biases 0, norms the identity.</summary>
    public Tensor Draw(WeightSpec spec)
    {
        if (spec.Leaf == "eps")
        {
            return full(spec.Shape, _family.Epsilon, ScalarType.Float32);
        }

        if (spec.Start != WeightStart.Noise)
        {
            return spec.Start == WeightStart.One ? ones(spec.Shape) : zeros(spec.Shape);
        }

        bool isTable = spec.Path.StartsWith("embeddings.", StringComparison.Ordinal) || spec.Path.Contains(".conv.edges.", StringComparison.Ordinal);
        bool isGlorot = isTable || spec.Shape.Length > 2 || (_family.StartsAsGlorot && spec.Layer is not null);
        double bound = isGlorot ? Math.Sqrt(6.0 / (spec.Shape[^2] + spec.Shape[^1])) : 1 / Math.Sqrt(spec.Shape[^1]);
        return empty(spec.Shape).uniform_(-bound, bound, _generator);
    }

    public void Dispose() => _generator.Dispose();
}
