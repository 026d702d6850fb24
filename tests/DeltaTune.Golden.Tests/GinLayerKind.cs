using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Files;
using DeltaTune.Sites;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Golden;

/// <summary>PyG's GINConv by itself: outputs, and gradients of the input and of every weight.</summary>
internal sealed class GinLayerKind : IGoldenKind
{
    public bool Covers(GoldenCase golden)
        => golden.Json["variants"] is JObject variants
            && variants.Properties().Any()
            && variants.Properties().All(v => ((string?)v.Value["module"])?.StartsWith("GINConv(", StringComparison.Ordinal) == true);

    public void Run(GoldenCase golden)
    {
        using var together = new TemporaryFolder();
        using SafetensorsFile weights = SafetensorsFile.Open(golden.PathOf("weights.safetensors"));
        foreach (JProperty variant in ((JObject)golden.Json["variants"]!).Properties())
        {
            string start = variant.Name + "/", path = Path.Combine(together.Path, variant.Name + ".safetensors");
            SafetensorsFile.Write(path, [.. weights.Entries.Select(e => e.Name)
                .Where(name => name.StartsWith(start, StringComparison.Ordinal)).Select(name => ("conv." + name[start.Length..], weights.Read(name)))]);
            Compare(golden, variant.Name, (JObject)variant.Value, path);
        }
    }

    private static void Compare(GoldenCase golden, string name, JObject variant, string path)
    {
        var grads = (JObject)variant["grads"]!;
        using Backbone backbone = GraphCase.Load(path, new JObject
        {
            ["scheme"] = "features",
            ["convolutions"] = new JArray("conv"),
            ["train_epsilon"] = grads.ContainsKey("eps"),
        });
        GraphBatch batch = GraphCase.Batch(golden, categories: false);
        batch.Nodes.requires_grad = true;
        Dictionary<string, Tensor> parameters = backbone.Sites.OfType<ParameterSite>().ToDictionary(s => s.CheckpointPath["conv.".Length..], s => s.Value);
        foreach (Tensor parameter in parameters.Values)
        {
            parameter.requires_grad = true;
        }

        Tensor output = backbone.Run(batch).States;
        Tensor probe = arange(output.numel(), ScalarType.Float64).sin().to(ScalarType.Float32).view(output.shape);
        (output * probe).sum().backward();

        golden.Compare($"{name}.output", variant["output"]!, variant["output_f64"], GoldenCase.Values(output));
        golden.Compare($"{name}.grad_x", variant["grad_x"]!, variant["grad_x_f64"], GoldenCase.Values(batch.Nodes.grad!));
        golden.SameList($"{name}.grads", grads.Properties().Select(p => p.Name).Order(StringComparer.Ordinal), parameters.Keys.Order(StringComparer.Ordinal));
        foreach (JProperty grad in grads.Properties())
        {
            golden.Compare($"{name}.grads.{grad.Name}", grad.Value, null, GoldenCase.Values(parameters[grad.Name].grad!));
        }
    }
}
