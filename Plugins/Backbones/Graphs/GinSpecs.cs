namespace DeltaTune.Backbones.Graphs;

/// <summary>Lists the tensors of a GIN, in the order of the data's way.</summary>
internal static class GinSpecs
{
    public static IReadOnlyList<WeightSpec> Of(GinConfig config)
    {
        var specs = new List<WeightSpec>();
        if (config.IsMolecule)
        {
            Table(config.Prefix + "x_embedding1", "embeddings.nodes.0", null, config.NodeCategories[0], config.InputSize);
            Table(config.Prefix + "x_embedding2", "embeddings.nodes.1", null, config.NodeCategories[1], config.InputSize);
        }

        for (int i = 0; i < config.Layers.Count; i++)
        {
            GinLayerConfig layer = config.Layers[i];
            string path = $"layers.{i}.conv";
            if (config.IsMolecule)
            {
                Table(layer.Convolution + ".edge_embedding1", path + ".edges.0", i, config.EdgeCategories[0], layer.In);
                Table(layer.Convolution + ".edge_embedding2", path + ".edges.1", i, config.EdgeCategories[1], layer.In);
            }

            if (layer.HasEpsilon)
            {
                specs.Add(new WeightSpec(layer.Convolution + ".eps", path + ".eps", i, [1], WeightStart.Zero) { IsBuffer = !config.Options.TrainEpsilon });
            }

            for (int k = 0; k < layer.Maps.Count; k++)
            {
                GinMapConfig map = layer.Maps[k];
                specs.Add(new WeightSpec(map.Name + ".weight", $"{path}.mlp.{k}.weight", i, [map.Out, map.In], WeightStart.Noise));
                specs.Add(new WeightSpec(map.Name + ".bias", $"{path}.mlp.{k}.bias", i, [map.Out], WeightStart.Zero));
                Norm(map.Norm, $"{path}.mlp.{k}.norm", i, map.Out);
            }

            Norm(layer.Norm, $"layers.{i}.norm", i, layer.Out);
        }

        return specs;

        void Table(string name, string path, int? layer, long rows, long width)
            => specs.Add(new WeightSpec(name + ".weight", path + ".weight", layer, [rows, width], WeightStart.Noise));

        void Norm(string? name, string path, int layer, long width)
        {
            if (name is null)
            {
                return;
            }

            specs.Add(new WeightSpec(name + ".weight", path + ".weight", layer, [width], WeightStart.One));
            specs.Add(new WeightSpec(name + ".bias", path + ".bias", layer, [width], WeightStart.Zero));
            specs.Add(new WeightSpec(name + ".running_mean", path + ".running_mean", layer, [width], WeightStart.Zero) { IsBuffer = true });
            specs.Add(new WeightSpec(name + ".running_var", path + ".running_var", layer, [width], WeightStart.One) { IsBuffer = true });
        }
    }
}
