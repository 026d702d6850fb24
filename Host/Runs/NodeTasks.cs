using DeltaTune.Tasks;

namespace DeltaTune.Host.Runs;

/// <summary>What a run must keep to whose task's answers are nodes of a graph.</summary>
internal static class NodeTasks
{
    /// <summary>Checks a run before its verbalizer is bound.</summary>
    /// <param name="run">Prepared.</param>
    /// <exception cref="InvalidRunException">Its verbalizer scores classes and the task asks for nodes, or the other way round, or its deltas take rows apart that share a graph.</exception>
    public static void Check(PreparedRun run)
    {
        bool asksNodes = run.Task.Labels == LabelKind.Node;
        string name = run.Spec.Verbalizer!.Type;
        if (asksNodes != run.Verbalizer.ScoresNodes)
        {
            throw new InvalidRunException("verbalizer", asksNodes
                ? $"must score nodes, which are the answers of '{run.Task.Name}', but '{name}' scores classes; 'distmult' would do"
                : $"must score classes or outputs, which '{run.Task.Name}' has, but '{name}' scores the nodes of a graph; 'linear' would do");
        }

        if (asksNodes && run.Spec.Composition is not null)
        {
            throw new InvalidRunException("composition", $"must be left out for '{run.Task.Name}': its examples share one graph, whose nodes cannot be run several ways at once; deltas in a list act one after the other");
        }
    }
}
