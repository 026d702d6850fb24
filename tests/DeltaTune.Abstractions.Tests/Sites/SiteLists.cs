using DeltaTune.Sites;

namespace DeltaTune.Abstractions.Tests.Sites;

/// <summary>Sites as backbones name them, without the weights behind them.</summary>
internal static class SiteLists
{
    /// <summary>A BERT: six linear maps a layer, a stream a sublayer, a pooler without a layer number, and two parameters.</summary>
    public static List<Site> Bert(int layers)
    {
        var sites = new List<Site>();
        for (int n = 0; n < layers; n++)
        {
            string path = $"layers.{n}", stored = $"bert.encoder.layer.{n}";
            sites.Add(Linear($"{path}.attn.q", $"{stored}.attention.self.query", n));
            sites.Add(Linear($"{path}.attn.k", $"{stored}.attention.self.key", n));
            sites.Add(Linear($"{path}.attn.v", $"{stored}.attention.self.value", n));
            sites.Add(Linear($"{path}.attn.out", $"{stored}.attention.output.dense", n));
            sites.Add(new StreamSite($"{path}.attn", $"{stored}.attention", n, 32));
            sites.Add(Linear($"{path}.ffn.in", $"{stored}.intermediate.dense", n));
            sites.Add(Linear($"{path}.ffn.out", $"{stored}.output.dense", n));
        }

        sites.Add(Linear("pooler", "bert.pooler.dense", null));
        sites.Add(Parameter("embeddings.norm.bias", "bert.embeddings.LayerNorm.bias", null));
        sites.Add(Parameter("layers.0.attn.q.bias", "bert.encoder.layer.0.attention.self.query.bias", 0));
        return sites;
    }

    public static LinearSite Linear(string path, string stored, int? layer)
        => new(path, stored, layer, 32, 32, () => throw new NotSupportedException(), () => null);

    public static ParameterSite Parameter(string path, string stored, int? layer)
        => new(path, stored, layer, () => throw new NotSupportedException());
}
