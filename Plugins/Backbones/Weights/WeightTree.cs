using static TorchSharp.torch;

namespace DeltaTune.Backbones.Weights;

/// <summary>Builds the modules that give every tensor the checkpoint's own name.</summary>
internal static class WeightTree
{
    /// <summary>Registers one module for each dotted prefix of the names below a root.</summary>
    /// <param name="root">Gets the outermost modules.</param>
    /// <param name="specs">The tensors.</param>
    /// <param name="make">Makes a tensor; the module takes it over.</param>
    /// <returns>The modules by their full path.</returns>
    public static Dictionary<string, WeightNode> Grow(nn.Module root, IReadOnlyList<WeightSpec> specs, Func<WeightSpec, Tensor> make)
    {
        var tensors = specs.ToDictionary(spec => spec.Name, make, StringComparer.Ordinal);
        var nodes = new Dictionary<string, WeightNode>(StringComparer.Ordinal);
        foreach (WeightSpec spec in specs)
        {
            WeightNode owner = Node(spec.Owner);
            if (spec.Leaf is not ("weight" or "bias"))
            {
                owner.Add(spec.Leaf, tensors[spec.Name], spec.IsBuffer);
            }
        }

        return nodes;

        WeightNode Node(string path)
        {
            if (nodes.TryGetValue(path, out WeightNode? node))
            {
                return node;
            }

            int dot = path.LastIndexOf('.');
            string name = path[(dot + 1)..];
            node = new WeightNode(name, tensors.GetValueOrDefault(path + ".weight"), tensors.GetValueOrDefault(path + ".bias"));
            nodes.Add(path, node);
            nn.Module parent = dot < 0 ? root : Node(path[..dot]);
            parent.register_module(name, node);
            return node;
        }
    }
}
