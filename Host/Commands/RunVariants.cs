using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Commands;

/// <summary>Reads a run file several times with other settings, all of them before anything is trained, and gathers what is wrong in any.</summary>
/// <param name="context">Where the command works.</param>
/// <param name="file">The run file.</param>
internal sealed class RunVariants(CommandContext context, string file)
{
    private readonly List<RunProblem> _problems = [];

    /// <summary>Spells settings as <c>--set</c> takes them.</summary>
    public static IEnumerable<string> Settings(JObject settings) => settings.Properties().Select(p => $"{p.Name}={p.Value.ToString(Formatting.None)}");

    /// <summary>Reads the file with some settings.</summary>
    /// <param name="place">Whose settings they are; stands before the mistakes' own places.</param>
    /// <param name="sets">The settings.</param>
    /// <returns>The run; null where it is wrong.</returns>
    public RunSpec? Load(string place, IEnumerable<string> sets)
    {
        try
        {
            return context.LoadRun(file, sets, RunPurpose.Training);
        }
        catch (InvalidRunException wrong)
        {
            _problems.AddRange(wrong.Problems.Select(p => p with { Path = $"{place}: {p.Path}" }));
            return null;
        }
    }

    /// <summary>Keeps a mistake found elsewhere.</summary>
    public void Add(string place, string problem) => _problems.Add(new RunProblem(place, problem));

    /// <summary>Throws what was gathered, if anything was.</summary>
    /// <exception cref="InvalidRunException">There are mistakes.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new InvalidRunException([.. _problems.Distinct()]);
        }
    }
}
