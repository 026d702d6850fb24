using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Backbones.Molecules;
using DeltaTune.Backbones.Pretraining;
using DeltaTune.Backbones.Pretraining.Graphs;
using DeltaTune.Backbones.TextGraphs;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Backbones.Transformers.Decoders;
using DeltaTune.Backbones.Transformers.T5;

namespace DeltaTune;

/// <summary>Adds this assembly's backbones to a program of one's own.</summary>
public static class BackbonesBuilderExtensions
{
    /// <summary>Registers the backbones and pretraining objectives of this assembly. A second call changes nothing.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <returns>The builder.</returns>
    public static IDeltaTuneBuilder AddBackbones(this IDeltaTuneBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddBackbone<BertLoader, BertOptions>("bert", "BERT from a Hugging Face folder", "Devlin et al. 2019, arXiv:1810.04805")
            .AddBackbone<RobertaLoader, RobertaOptions>("roberta", "RoBERTa from a Hugging Face folder", "Liu et al. 2019, arXiv:1907.11692")
            .AddBackbone<Gpt2Loader, Gpt2Options>("gpt2", "GPT-2 from a Hugging Face folder", "Radford et al. 2019, \"Language Models are Unsupervised Multitask Learners\"")
            .AddBackbone<LlamaLoader, LlamaOptions>("llama", "LLaMA from a Hugging Face folder", "Touvron et al. 2023, arXiv:2302.13971")
            .AddBackbone<T5Loader, T5Options>("t5", "T5 from a Hugging Face folder", "Raffel et al. 2020, arXiv:1910.10683")
            .AddBackbone<GinLoader, GinOptions>("gin", "graph isomorphism network on molecules or feature vectors", "Xu et al. 2019, arXiv:1810.00826")
            .AddBackbone<GineLoader, GineOptions>("gine", "graph isomorphism network that reads what edges carry", "Hu et al. 2020, arXiv:1905.12265")
            .AddBackbone<GcnLoader, GcnOptions>("gcn", "graph convolutional network on molecules or feature vectors", "Kipf and Welling 2017, arXiv:1609.02907")
            .AddBackbone<Gcn2Loader, Gcn2Options>("gcn2", "deep GCN with initial residual and identity mapping, on feature vectors", "Chen et al. 2020, arXiv:2007.02133")
            .AddBackbone<GpsLoader, GpsOptions>("gps", "graph transformer of message passing and global attention, on feature vectors", "Rampášek et al. 2022, arXiv:2205.12454")
            .AddBackbone<RgcnLoader, RgcnOptions>("rgcn", "relational graph convolutional network on feature vectors or entities", "Schlichtkrull et al. 2018, arXiv:1703.06103")
            .AddBackbone<SgcLoader, SgcOptions>("sgc", "simplified graph convolution on feature vectors", "Wu et al. 2019, arXiv:1902.07153")
            .AddBackbone<GraphSageLoader, GraphSageOptions>("graphsage", "GraphSAGE on molecules or feature vectors", "Hamilton et al. 2017, arXiv:1706.02216")
            .AddBackbone<GraphConvLoader, GraphConvOptions>("graphconv", "higher-order graph network on feature vectors", "Morris et al. 2019, arXiv:1810.02244")
            .AddBackbone<GatLoader, GatOptions>("gat", "graph attention network on molecules or feature vectors", "Veličković et al. 2018, arXiv:1710.10903")
            .AddBackbone<TextGraphLoader, TextGraphOptions>("text-graph", "a graph network over what nodes say, read by a text backbone", "Zhu et al. 2021, arXiv:2101.06323")
            .AddPretraining<MaskedLanguagePretraining, MlmOptions>("mlm", "a BERT encoder learns to predict masked words", "Devlin et al. 2019, arXiv:1810.04805")
            .AddPretraining<GraphPretraining, GraphPretrainingOptions>("graph", "a graph network learns from molecules or from one graph's nodes without labels, in stages", "Hu et al. 2020, arXiv:1905.12265")
            .AddMoleculeReader<MoleculeReader>()
            .AddTensorFileReader<TorchFileReader>();
    }
}
