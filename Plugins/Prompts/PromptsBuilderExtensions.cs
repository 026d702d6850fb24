using DeltaTune.Prompts.Knowledge;
using DeltaTune.Prompts.Search;
using DeltaTune.Prompts.Tasks;
using DeltaTune.Prompts.Tasks.GraphQa;
using DeltaTune.Prompts.Templates;
using DeltaTune.Prompts.Verbalizers;

namespace DeltaTune;

/// <summary>Adds the templates, verbalizers and tasks of this assembly.</summary>
public static class PromptsBuilderExtensions
{
    private const string OpenPrompt = "Ding et al. 2022, arXiv:2111.01998";

    /// <summary>Registers the templates, verbalizers and tasks of this assembly. A second call changes nothing.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <returns>The builder.</returns>
    public static IDeltaTuneBuilder AddPrompts(this IDeltaTuneBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddTemplate<ManualTemplate, ManualTemplateOptions>("manual", "text of words and masks around the example", OpenPrompt)
            .AddTemplate<MixedTemplate, MixedTemplateOptions>("mixed", "hard and trainable soft tokens, freely mixed", OpenPrompt)
            .AddTemplate<SoftTemplate, SoftTemplateOptions>("soft", "a trainable prompt before the text", "Lester et al. 2021, arXiv:2104.08691")
            .AddTemplate<PtuningTemplate, PtuningTemplateOptions>("ptuning", "soft tokens made by a small network", "Liu et al. 2021, arXiv:2103.10385")
            .AddTemplate<PtrTemplate, PtrTemplateOptions>("ptr", "several masks, with soft tokens made by a small network", "Han et al. 2021, arXiv:2105.11259")
            .AddTemplate<PrefixTemplate, PrefixTemplateOptions>("prefix", "trained keys and values before every self-attention's own", "Li and Liang 2021, arXiv:2101.00190")
            .AddTemplate<GraphTemplate, GraphTemplateOptions>("graph", "the example's graph as it is", "")
            .AddTemplate<FeaturePromptTemplate, GpfTemplateOptions>("gpf", "a trained vector added to every node", "Fang et al. 2023, arXiv:2209.15240")
            .AddTemplate<FeaturePromptTemplate, GpfPlusTemplateOptions>("gpf-plus", "a vector added to each node, mixed of a few trained ones", "Fang et al. 2023, arXiv:2209.15240")
            .AddTemplate<AllInOneTemplate, AllInOneTemplateOptions>("all-in-one", "a trained graph linked to the example's", "Sun et al. 2023, arXiv:2307.01504")
            .AddTemplate<GraphPromptTemplate, GraphPromptTemplateOptions>("graph-prompt", "a trained weight on each feature that is read out", "Liu et al. 2023, arXiv:2302.08043")
            .AddVerbalizer<WordVerbalizer, ManualVerbalizerOptions>("manual", "several label words a class, scored at the mask", OpenPrompt)
            .AddVerbalizer<WordVerbalizer, OneToOneVerbalizerOptions>("one2one", "one label word a class, scored at the mask", OpenPrompt)
            .AddVerbalizer<HeadVerbalizer, HeadVerbalizerOptions>("head", "the backbone family's own classification head", "")
            .AddVerbalizer<LinearVerbalizer, LinearVerbalizerOptions>("linear", "a fresh linear map from the mask's or the pooled state", "")
            .AddVerbalizer<ScoresVerbalizer, ScoresVerbalizerOptions>("scores", "the pooled state itself, of a backbone that ends in the classes", "Kipf and Welling 2017, arXiv:1609.02907")
            .AddVerbalizer<SoftVerbalizer, SoftVerbalizerOptions>("soft", "a trained vector a class in place of words", "Hambardzumyan et al. 2021, arXiv:2101.00121")
            .AddVerbalizer<PtrVerbalizer, PtrVerbalizerOptions>("ptr", "a word at each of several masks for a class", "Han et al. 2021, arXiv:2105.11259")
            .AddVerbalizer<KnowledgeableVerbalizer, KnowledgeableVerbalizerOptions>("knowledgeable", "many words a class, refined on a support set and weighted", "Hu et al. 2022, arXiv:2108.02035")
            .AddVerbalizer<AutomaticVerbalizer, AutomaticVerbalizerOptions>("automatic", "label words found in the training examples", "Schick et al. 2020, arXiv:2010.13641")
            .AddVerbalizer<ProtoVerbalizer, ProtoVerbalizerOptions>("proto", "prototypes learned by contrast, alone or beside label words", "Cui et al. 2022, arXiv:2203.09770")
            .AddVerbalizer<PletVerbalizer, PletVerbalizerOptions>("plet", "label words, trained by which mentions are of one entity", "Ding et al. 2021, arXiv:2108.10604")
            .AddVerbalizer<HypersphereVerbalizer, HypersphereVerbalizerOptions>("hypersphere", "a sphere a class, with a trained centre and radius", "Ding et al. 2022, arXiv:2211.05319")
            .AddVerbalizer<SimilarityVerbalizer, SimilarityVerbalizerOptions>("similarity", "the mean of a class's training examples, by its angle", "Liu et al. 2023, arXiv:2302.08043")
            .AddVerbalizer<LabelTextVerbalizer, LabelTextVerbalizerOptions>("label-text", "the meaning of a class's text, by its angle to the mapped state", "Radford et al. 2021, arXiv:2103.00020")
            .AddVerbalizer<GpptVerbalizer, GpptVerbalizerOptions>("gppt", "a trained token a class and cluster, linked to a node's surroundings", "Sun et al. 2022, KDD")
            .AddVerbalizer<DistMultVerbalizer, DistMultVerbalizerOptions>("distmult", "a trained vector a relation, which ties the node asked about to every node", "Yang et al. 2015, arXiv:1412.6575")
            .AddVerbalizer<GenerationVerbalizer, GenerationVerbalizerOptions>("generation", "the text at the mask, learned token by token", OpenPrompt)
            .AddKnowledgeSource<WordNetKnowledge>()
            .AddTemplateSearch<LmBffTemplateSearch>()
            .AddLabelWordSearch<LmBffLabelWordSearch>()
            .AddTask<WordNetSupersenseTask, WordNetSupersenseOptions>("wordnet-supersense", "the kind of thing, one of 25, of a noun from its definition", "Fellbaum 1998, WordNet")
            .AddTask<EntityTypingTask, EntityTypingOptions>("entity-typing", "the type of a mention in a sentence", "Ding et al. 2021, arXiv:2108.10604")
            .AddTask<LmTask, LmTaskOptions>("lm", "texts to be learned, alone or after another text", "")
            .AddTask<MoleculesTask, MoleculesTaskOptions>("molecules", "properties of molecules, from a table of SMILES, split by scaffold", "Wu et al. 2018, arXiv:1703.00564")
            .AddTask<WordNetGraphTask, WordNetGraphOptions>("wordnet-graph", "the kind of thing, one of 25, of a noun from its definition and those of its neighbours", "Fellbaum 1998, WordNet")
            .AddTask<NodesTask, NodesTaskOptions>("nodes", "the classes of a graph's nodes", "Yang et al. 2016, arXiv:1603.08861")
            .AddTask<GraphsTask, GraphsTaskOptions>("graphs", "graphs of one's own, in JSON lines", "")
            .AddTask<GraphQaTask, GraphQaOptions>("graphqa", "questions about graphs drawn at random, as text and as graphs", "Fatemi et al. 2024, arXiv:2310.04560")
            .AddTask<TriplesTask, TriplesTaskOptions>("triples", "the relation of two entities of a knowledge graph", "Dettmers et al. 2018, arXiv:1707.01476")
            .AddTask<LinksTask, LinksTaskOptions>("links", "the entity that a relation leads to in a knowledge graph, ranked among all", "Dettmers et al. 2018, arXiv:1707.01476")
            .AddTask<TsvTask, TsvTaskOptions>("tsv", "tables of label and texts of one's own", "");
    }
}
