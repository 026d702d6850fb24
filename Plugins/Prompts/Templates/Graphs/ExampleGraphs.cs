using System.Globalization;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Templates;

/// <summary>Finds the graph of an example: its own, or the one that the backbone makes of a text. What graph templates share.</summary>
/// <param name="template">The template's name, for messages.</param>
/// <param name="field">The field with the text.</param>
/// <param name="hops">How far from the nodes asked about the graph is cut out, and becomes what is asked about; null leaves it whole.</param>
internal sealed class ExampleGraphs(string template, string field, int? hops)
{
    /// <summary>The entry of an example's <see cref="Example.Meta"/> with the number of a second node, where it asks about two.</summary>
    public const string OtherNode = "other_node";

    private readonly EgoNetworks? _networks = hops is { } most ? new EgoNetworks(most) : null;
    private IGraphReader? _reader;

    /// <summary>Prepares for a backbone and a task.</summary>
    /// <exception cref="InvalidRunException">The backbone reads text, or the task's answers are nodes of the whole graph and graphs are cut.</exception>
    public void Bind(Backbone backbone, ITask task)
    {
        if (hops is not null && task.Labels == LabelKind.Node)
        {
            throw new InvalidRunException("template.hops", $"must be left out for '{task.Name}', whose answers are nodes of the whole graph");
        }

        if (backbone.Description.Kind != BackboneKind.Graph)
        {
            throw new InvalidRunException(
                "template", $"must suit the backbone: '{template}' gives graphs, but '{backbone.Description.Family}' reads text; 'manual' would do");
        }

        _reader = backbone.InputEncoder as IGraphReader;
    }

    /// <summary>Gives the prompt: the graph, with the node asked about where it is not cut out around it.</summary>
    /// <param name="example">The example.</param>
    /// <exception cref="InvalidRunException">It has neither a graph nor a text that is one, or asks about nodes that there are not; the message names it.</exception>
    public IReadOnlyList<PromptPiece> Wrap(Example example)
    {
        ArgumentNullException.ThrowIfNull(example);
        Graph graph = Of(example);
        int? other = Other(example, graph);
        if (_networks is null)
        {
            return other is null
                ? [new GraphPiece(graph, example.ReadNode) { ReadRelation = example.ReadRelation, HiddenEdges = example.HiddenEdges }]
                : throw new InvalidRunException("template.hops", $"must be given for examples that ask about two nodes, as '{example.Id}' does; 2 would do");
        }

        int node = example.ReadNode
            ?? throw new InvalidRunException("template.hops", $"must be left out for examples that ask about no node, as '{example.Id}' does");
        if ((uint)node >= (uint)graph.NodeCount)
        {
            throw new InvalidRunException($"example '{example.Id}':", $"must ask about a node from 0 to {graph.NodeCount - 1}, but asks about {node}");
        }

        return [new GraphPiece(_networks.Around(graph, other is { } second ? [node, second] : [node]))];
    }

    private static int? Other(Example example, Graph graph)
        => !example.Meta.TryGetValue(OtherNode, out string? text) ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int node) && node < graph.NodeCount ? node
            : throw new InvalidRunException($"example '{example.Id}':", $"must have an '{OtherNode}' from 0 to {graph.NodeCount - 1}, but has '{text}'");

    private Graph Of(Example example)
    {
        if (example.Graph is { } graph) { return graph; }
        if (_reader is null || !example.Fields.TryGetValue(field, out string? text))
        {
            throw new InvalidRunException("template", $"'{template}' needs examples with a graph, but '{example.Id}' has none; a task about graphs would do");
        }

        try
        {
            return _reader.ReadGraph(text);
        }
        catch (InvalidRunException problem)
        {
            throw new InvalidRunException($"example '{example.Id}':", problem.Message, problem);
        }
    }
}
