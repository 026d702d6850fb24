using System.Globalization;
using System.Runtime.InteropServices;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Benchmarks.Edges;

/// <summary>One layer of a graph network, all of which trains.</summary>
internal sealed class LayerPass : IDisposable
{
    private const int LeastTimes = 3, MostTimes = 50;
    private const double Enough = 300; // milliseconds in all
    private static readonly JsonSerializer Names = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = new SnakeCaseNamingStrategy() }, MissingMemberHandling = MissingMemberHandling.Error,
    });

    private readonly Backbone _backbone;
    private readonly Delta _full;

    /// <param name="catalog">Makes network and delta.</param>
    /// <param name="name">The network's name.</param>
    /// <param name="width">What its layer reads and gives.</param>
    public LayerPass(IComponentCatalog catalog, string name, int width)
    {
        Width = width;
        var options = new JObject { ["seed"] = 1, ["scheme"] = "features", ["features"] = width, ["hidden_size"] = width, ["layers"] = 1 };
        _backbone = catalog.Create<BackboneLoader>(ComponentKind.Backbone, name, options.ToObject(catalog.Get(ComponentKind.Backbone, name).OptionsType, Names)!).Load();
        _full = catalog.Create<Delta>(ComponentKind.Delta, "full", new JObject().ToObject(catalog.Get(ComponentKind.Delta, "full").OptionsType)!);
        _full.Attach(_backbone);
        _full.Training = true;
    }

    /// <summary>Gets what a node carries.</summary>
    public int Width { get; }

    /// <summary>Runs forward and backward, several times where that is quick, and again to see the memory.</summary>
    /// <param name="graph">Not disposed.</param>
    /// <returns>Milliseconds of processor time of the fastest pass, and how much higher memory stood at most than before a pass, in bytes.</returns>
    public (double Milliseconds, long PeakBytes) Measure(GraphBatch graph)
    {
        Run(graph);
        double best = double.PositiveInfinity, all = 0;
        for (int time = 0; time < MostTimes && (time < LeastTimes || all < Enough); time++)
        {
            TimeSpan worked = Environment.CpuUsage.TotalTime;
            Run(graph);
            double taken = (Environment.CpuUsage.TotalTime - worked).TotalMilliseconds;
            (best, all) = (Math.Min(best, taken), all + taken);
        }

        // After the times: what is given back to the kernel for this has to be fetched again.
        long peak = 0;
        for (int time = 0; time < LeastTimes; time++)
        {
            long before = ForgetPeak();
            Run(graph);
            peak = Math.Max(peak, Status("VmHWM:") - before);
        }

        return (best, peak);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _full.Detach();
        _full.Dispose();
        _backbone.Dispose();
    }

    private void Run(GraphBatch graph)
    {
        using DisposeScope scope = NewDisposeScope();
        _backbone.zero_grad(set_to_none: true);
        graph.Nodes.grad = null;
        _backbone.Run(graph).States.square().mean().backward();
    }

    // Linux alone has a peak that can be forgotten; elsewhere memory reads as 0. What the C library keeps of earlier passes is given back first.
    private static long ForgetPeak()
    {
        if (NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "malloc_trim", out nint trim))
        {
            unsafe { _ = ((delegate* unmanaged<nuint, int>)trim)(0); }
        }

        if (File.Exists("/proc/self/clear_refs"))
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }

        return Status("VmRSS:");
    }

    private static long Status(string name)
        => File.Exists("/proc/self/status")
            ? long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length).TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) * 1024
            : 0;
}
