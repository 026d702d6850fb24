namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>What is known of each question.</summary>
internal static class GraphQuestions
{
    /// <summary>Gives the class of Sanford et al. 2024.</summary>
    public static GraphQuestionClass Class(this GraphQuestion question) => question switch
    {
        GraphQuestion.TriangleCounting => GraphQuestionClass.SubgraphCounting,
        GraphQuestion.Reachability or GraphQuestion.ShortestPath or GraphQuestion.Diameter => GraphQuestionClass.Search,
        GraphQuestion.Connectivity or GraphQuestion.ConnectedComponents or GraphQuestion.CycleCheck or GraphQuestion.Bipartiteness => GraphQuestionClass.Parallelizable,
        _ => GraphQuestionClass.Retrieval,
    };

    /// <summary>Tells whether the answer is yes or no.</summary>
    public static bool IsYesOrNo(this GraphQuestion question) => question
        is GraphQuestion.EdgeExistence or GraphQuestion.CycleCheck or GraphQuestion.Reachability or GraphQuestion.Connectivity or GraphQuestion.Bipartiteness;

    /// <summary>Tells whether the answer is yes or no for each node.</summary>
    public static bool IsPerNode(this GraphQuestion question) => question is GraphQuestion.ConnectedNodes or GraphQuestion.DisconnectedNodes;

    /// <summary>Tells whether the answer is a number.</summary>
    public static bool IsNumber(this GraphQuestion question) => !question.IsYesOrNo() && !question.IsPerNode();

    /// <summary>Tells whether two nodes are asked about.</summary>
    public static bool AsksAboutTwo(this GraphQuestion question) => question is GraphQuestion.EdgeExistence or GraphQuestion.Reachability or GraphQuestion.ShortestPath;

    /// <summary>Tells whether one node or two are asked about.</summary>
    public static bool AsksAboutNode(this GraphQuestion question) => question.AsksAboutTwo() || question.IsPerNode() || question == GraphQuestion.NodeDegree;

    /// <summary>Gives the least and the most that the answer, a number, can be.</summary>
    public static (int Least, int Most) Range(this GraphQuestion question, GraphQaOptions options)
    {
        int nodes = options.MaxNodes, ways = options.Directed ? 2 : 1;
        return question switch
        {
            GraphQuestion.NodeCount => (options.MinNodes, nodes),
            GraphQuestion.EdgeCount => (0, ways * nodes * (nodes - 1) / 2),
            GraphQuestion.NodeDegree => (0, ways * (nodes - 1)),
            GraphQuestion.ConnectedComponents => (1, nodes),
            GraphQuestion.TriangleCounting => (0, nodes * (nodes - 1) * (nodes - 2) / 6),
            _ => (0, nodes - 1),
        };
    }
}
