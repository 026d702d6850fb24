using DeltaTune.Adapters.Formats;
using DeltaTune.Adapters.Lora;
using DeltaTune.Adapters.Tests.Golden;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Conformance;

namespace DeltaTune.Adapters.Tests.Lora;

[TestFixture]
public sealed class LoraOnBertConformance() : DeltaConformance(new DeltaCase
{
    Delta = () => new LoraDelta(new LoraOptions { Rank = 4, Sites = "all-linear" }),
    Backbone = () => new BertLoader(new BertOptions { Path = GoldenCase.FolderOf("bert-seqcls") }).Load(),
    Batch = () => new GoldenCase("peft-lora-bert").Batch(),
    Merges = true,
    Format = new PeftLoraFormat(),
});
