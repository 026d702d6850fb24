namespace DeltaTune.Backbones.Transformers;

/// <summary>Lists the tensors of a BERT-like encoder, in the order of the data's way.</summary>
internal static class EncoderSpecs
{
    public static IReadOnlyList<WeightSpec> Of(EncoderFamily family, EncoderConfig config, bool withPooler, bool withPredictions)
    {
        var specs = new List<WeightSpec>();
        string prefix = family.Prefix;
        long hidden = config.HiddenSize, inner = config.IntermediateSize;
        Table("embeddings.word_embeddings", "embeddings.tokens", config.VocabularySize);
        Table("embeddings.position_embeddings", "embeddings.positions", config.MaxPositions);
        Table("embeddings.token_type_embeddings", "embeddings.types", config.TypeVocabularySize);
        Norm(prefix + "embeddings.LayerNorm", "embeddings.norm", null);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            string own = $"{prefix}encoder.layer.{layer}.", path = $"layers.{layer}.";
            Linear(own + "attention.self.query", path + "attn.q", layer, hidden, hidden);
            Linear(own + "attention.self.key", path + "attn.k", layer, hidden, hidden);
            Linear(own + "attention.self.value", path + "attn.v", layer, hidden, hidden);
            Linear(own + "attention.output.dense", path + "attn.out", layer, hidden, hidden);
            Norm(own + "attention.output.LayerNorm", path + "attn.norm", layer);
            Linear(own + "intermediate.dense", path + "ffn.in", layer, hidden, inner);
            Linear(own + "output.dense", path + "ffn.out", layer, inner, hidden);
            Norm(own + "output.LayerNorm", path + "ffn.norm", layer);
        }

        if (withPooler)
        {
            Linear(prefix + "pooler.dense", "pooler", null, hidden, hidden);
        }

        if (withPredictions)
        {
            Linear(family.HeadDense, "head.transform", null, hidden, hidden);
            Norm(family.HeadNorm, "head.norm", null);
            if (!config.TieWordEmbeddings)
            {
                specs.Add(new WeightSpec(family.HeadDecoder + ".weight", "head.decoder.weight", null, [config.VocabularySize, hidden], WeightStart.Noise));
            }

            specs.Add(new WeightSpec(family.HeadBias + ".bias", "head.decoder.bias", null, [config.VocabularySize], WeightStart.Zero));
        }

        return specs;

        void Table(string name, string path, long rows)
            => specs.Add(new WeightSpec(prefix + name + ".weight", path + ".weight", null, [rows, hidden], WeightStart.Noise));

        void Linear(string name, string path, int? layer, long input, long output)
        {
            specs.Add(new WeightSpec(name + ".weight", path + ".weight", layer, [output, input], WeightStart.Noise));
            specs.Add(new WeightSpec(name + ".bias", path + ".bias", layer, [output], WeightStart.Zero));
        }

        void Norm(string name, string path, int? layer)
        {
            specs.Add(new WeightSpec(name + ".weight", path + ".weight", layer, [hidden], WeightStart.One));
            specs.Add(new WeightSpec(name + ".bias", path + ".bias", layer, [hidden], WeightStart.Zero));
        }
    }
}
