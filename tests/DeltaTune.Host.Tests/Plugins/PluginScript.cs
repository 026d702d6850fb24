using DeltaTune.Deltas;

namespace DeltaTune.Host.Tests.Plugins;

/// <summary>What the emitted plugins do: each calls one of these.</summary>
public static class PluginScript
{
    public static void RegisterDelta(IDeltaTuneBuilder builder, string name) => builder.AddDelta<UnusedDelta, UnusedOptions>(name, "does nothing", "");

    public static void Throw(IDeltaTuneBuilder builder, string message) => throw new InvalidOperationException(message);

    public static void Hang(IDeltaTuneBuilder builder, string message) => Thread.Sleep(Timeout.Infinite);

    public abstract class UnusedDelta() : Delta("unused");

    public sealed record UnusedOptions;
}
