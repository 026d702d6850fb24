using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Files;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Golden;

/// <summary>A delta saved by OpenDelta on a sequence classifier: read, compared, trained, detached.</summary>
internal sealed class OpenDeltaKind : IGoldenKind
{
    public bool Covers(GoldenCase golden)
        => golden.Has("delta_class") && golden.Has("losses") && TextCase.BaseModel(golden) is string folder
            && ((string)TextCase.Config(folder)["architectures"]![0]!).EndsWith("ForSequenceClassification", StringComparison.Ordinal)
            && Format(Config(golden)) is not null;

    public void Run(GoldenCase golden)
    {
        string folder = TextCase.BaseModel(golden)!;
        using Backbone backbone = Components.Load((string)TextCase.Config(folder)["model_type"]!, folder);
        using TextBatch batch = TextCase.Batch(golden);
        Tensor labels = golden.Integers("labels");
        using SafetensorsFile file = SafetensorsFile.Open(golden.PathOf("delta_model.safetensors"));
        using Head head = backbone.CreateHead((int)GoldenCase.Shape(golden.Json["logits_before"]!)[1]);
        TextCase.CopyInto(head, file, name => $"{head.CheckpointPath}.{name}");
        head.eval();
        JObject config = Config(golden);
        using var package = new DeltaPackage(config, file.Entries.ToDictionary(e => e.Name, e => file.Read(e.Name).DetachFromDisposeScope()));
        using Delta delta = Format(config)!.Read(package, backbone, [$"{head.CheckpointPath}."]);
        Tensor[] trained = [.. delta.Parameters().Select(p => p.Value), .. TextCase.HeadParameters(head).Values];

        golden.Same("trainable_count", (long)golden.Json["trainable_count"]!, trained.Sum(t => t.numel()));
        golden.Compare("logits_before", Logits());
        TextCase.Train(golden, trained, () => nn.functional.cross_entropy(head.call(backbone.Run(batch, head.Reads)), labels));
        golden.Compare("logits_after", Logits());
        if (golden.Has("logits_detached_after"))
        {
            delta.Enabled = false; // as OpenDelta's detach: what it trained of the backbone itself stays
            golden.Compare("logits_detached_after", Logits());
        }

        Tensor Logits()
        {
            using IDisposable off = no_grad();
            return head.call(backbone.Run(batch, head.Reads));
        }
    }

    private static JObject Config(GoldenCase golden) => JObject.Parse(File.ReadAllText(golden.PathOf("config.json")));

    private static DeltaFormat? Format(JObject config) => Components.Formats.FirstOrDefault(f => f.Reads(config));
}
