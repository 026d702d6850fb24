using DeltaTune.Deltas;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune.Host.Commands;

/// <summary>What commands that compose runs are made of.</summary>
internal static class RunServices
{
    /// <summary>Makes the composer over the plugins found.</summary>
    public static RunComposer Composer(this CommandContext context) => new(context.Plugins.Catalog);

    /// <summary>Makes the reader and writer of what runs train.</summary>
    public static SavedRun SavedRun(this CommandContext context) => new([.. context.Plugins.Services.GetServices<DeltaFormat>()]);

    /// <summary>Makes the runner.</summary>
    public static Runner Runner(this CommandContext context) => new(context.Composer(), context.SavedRun());
}
