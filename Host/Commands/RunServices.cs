using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Commands.Deltas;
using DeltaTune.Host.Options;
using DeltaTune.Host.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune.Host.Commands;

/// <summary>What commands that compose runs are made of.</summary>
internal static class RunServices
{
    /// <summary>Makes the composer over the plugins found.</summary>
    public static RunComposer Composer(this CommandContext context) => new(context.Plugins.Catalog, context.DeltaFiles());

    /// <summary>Makes the reader and writer of what runs train.</summary>
    public static SavedRun SavedRun(this CommandContext context) => new([.. context.Plugins.Services.GetServices<DeltaFormat>()]);

    /// <summary>Loads a backbone.</summary>
    /// <param name="context">Where the command works.</param>
    /// <param name="spec">The backbone.</param>
    /// <returns>The backbone, the caller's to dispose.</returns>
    /// <exception cref="InvalidRunException">The checkpoint is missing or broken.</exception>
    public static Backbone LoadBackbone(this CommandContext context, ComponentSpec spec)
    {
        var problems = new ProblemList();
        Backbone? backbone = null;
        problems.Try(spec, () => backbone = context.Plugins.Catalog.Create<BackboneLoader>(ComponentKind.Backbone, spec.Type, spec.Options).Load());
        problems.ThrowIfAny();
        return backbone!;
    }

    /// <summary>Does long work, and says how to go on where it is stopped.</summary>
    /// <param name="context">Where the command works.</param>
    /// <param name="howToGoOn">What is said after "stopped; ".</param>
    /// <param name="work">What may be stopped.</param>
    /// <returns>What the work gives.</returns>
    public static T Stoppable<T>(this CommandContext context, string howToGoOn, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"stopped; {howToGoOn}");
            throw;
        }
    }

    /// <summary>Makes the runner.</summary>
    public static Runner Runner(this CommandContext context) => new(context.Composer(), context.SavedRun());
}
