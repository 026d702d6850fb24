using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Golden;

/// <summary>A base model's own numbers: embeddings, first layer, last hidden states, logits, loss.</summary>
internal sealed class TransformerKind : IGoldenKind
{
    public bool Covers(GoldenCase golden)
        => golden.Has("architecture") && File.Exists(golden.PathOf("config.json")) && TextCase.IsMasked(TextCase.Config(golden.Folder));

    public void Run(GoldenCase golden)
    {
        string family = (string)TextCase.Config(golden.Folder)["model_type"]!;
        using Backbone backbone = Components.Load(family, golden.Folder);
        using var seen = new Watch(backbone, ("embeddings.norm", "embedding_output"), ("layers.0", "layer0_output"));
        using IDisposable off = no_grad();
        Hidden hidden = backbone.Run(TextCase.Batch(golden));

        foreach ((string key, Tensor value) in seen.Seen)
        {
            if (golden.Has(key))
            {
                golden.Compare(key, value);
            }
        }

        golden.Compare("last_hidden_state", hidden.States);
        if (golden.Has("pooler_output"))
        {
            golden.Compare("pooler_output", backbone.Read(hidden, new ReadOut(ReadOutKind.Pooled)));
        }

        Tensor logits = golden.Text("architecture").EndsWith("ForSequenceClassification", StringComparison.Ordinal)
            ? Classify(backbone, hidden, GoldenCase.Shape(golden.Json["logits"]!)[1])
            : backbone.Read(hidden, new ReadOut(ReadOutKind.Logits));
        golden.Compare("logits", logits);
        golden.Compare("loss", nn.functional.cross_entropy(
            logits.reshape(-1, logits.size(-1)), golden.Integers("labels").flatten(), ignore_index: -100));
    }

    private static Tensor Classify(Backbone backbone, Hidden hidden, long classes)
    {
        using Head head = backbone.CreateHead((int)classes);
        head.eval();
        return head.call(hidden);
    }

    /// <summary>Effects that change nothing and remember what came through.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly Attachment _attachment;

        public Watch(Backbone backbone, params (string Path, string Key)[] points)
            => _attachment = Attachment.Create(points.Select(p => new SiteAction(
                backbone.Sites.First(s => s.Path == p.Path && s is StreamSite), new Remember(value => Seen[p.Key] = value))));

        public Dictionary<string, Tensor> Seen { get; } = [];

        public void Dispose() => _attachment.Dispose();
    }

    private sealed class Remember(Action<Tensor> remember) : Effect<Tensor, Tensor>("remember")
    {
        public override Tensor Apply(Tensor input, Func<Tensor, Tensor> next)
        {
            Tensor output = next(input);
            remember(output.clone().DetachFromDisposeScope());
            return output;
        }
    }
}
