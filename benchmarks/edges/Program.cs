using System.Globalization;
using DeltaTune.Host.Runs;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace DeltaTune.Benchmarks.Edges;

/// <summary>Times forward and backward passes of one graph layer against the number of edges, and watches the memory that they take.</summary>
/// <remarks>
/// Fails, with code 1, where the time of an edge in the largest graph is above <see cref="Near"/> or <see cref="Far"/> times that in the graph of
/// <see cref="First"/> edges, or its bytes are above <see cref="Bytes"/> times. Below <see cref="First"/> edges what a pass costs by itself counts.
/// </remarks>
internal static class Program
{
    private const long First = 100_000;
    private const double Near = 2;    // neighbours stand close by, as in a batch of graphs: every cache helps at every size
    private const double Far = 6;     // neighbours stand anywhere: from some size on each is fetched from main memory
    private const double Bytes = 1.25;

    private static int Main(string[] arguments)
    {
        int threads = (int)Number(arguments, "--threads", 1), width = (int)Number(arguments, "--width", 16);
        long most = Number(arguments, "--most", 10_000_000);
        NativeHeap.Keep();
        set_num_threads(threads);
        IServiceCollection services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones().AddAdapters();
        using ServiceProvider provider = services.BuildServiceProvider();
        var catalog = provider.GetRequiredService<IComponentCatalog>();
        Say($"torch {__version__}, {get_num_threads()} thread(s), one layer {width} wide, {RandomEdges.Degree} edges a node, forward and backward; processor time");
        Say($"{"layer",-7}{"neighbours",-12}{"edges",10}{"ms",12}{"ns an edge",12}{"peak MiB",10}{"bytes an edge",15}");
        bool holds = true;
        foreach (string layer in Text(arguments, "--layers", "gcn,gin,graphsage,gat").Split(','))
        {
            using var pass = new LayerPass(catalog, layer, width);
            foreach (Neighbours neighbours in Enum.GetValues<Neighbours>())
            {
                holds &= Measure(pass, layer, neighbours, most);
            }
        }

        return holds ? 0 : 1;
    }

    private static bool Measure(LayerPass pass, string layer, Neighbours neighbours, long most)
    {
        (double Time, double Bytes)? first = null;
        (double Time, double Bytes) last = default;
        for (long edges = 1000; edges <= most; edges *= 10)
        {
            using var graph = RandomEdges.Make(edges, pass.Width, neighbours);
            (double milliseconds, long peak) = pass.Measure(graph);
            last = (1e6 * milliseconds / edges, (double)peak / edges);
            first = edges == First ? last : first;
            Say($"{layer,-7}{neighbours.ToString().ToLowerInvariant(),-12}{edges,10}{milliseconds,12:0.00}{last.Time,12:0.0}{peak / 1048576.0,10:0.0}{(edges < First ? "" : last.Bytes.ToString("0", CultureInfo.InvariantCulture)),15}");
        }

        if (first is not { } start)
        {
            return true;
        }

        double limit = neighbours == Neighbours.Far ? Far : Near;
        bool holds = last.Time <= limit * start.Time && last.Bytes <= Bytes * start.Bytes;
        if (!holds)
        {
            Say($"{layer}, {neighbours.ToString().ToLowerInvariant()}: an edge must take at most {limit:0.##} times the time and {Bytes:0.##} times the bytes that it takes among {First}, but takes {last.Time / start.Time:0.00} and {last.Bytes / start.Bytes:0.00} times");
        }

        return holds;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static long Number(string[] arguments, string name, long otherwise)
        => long.Parse(Text(arguments, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static string Text(string[] arguments, string name, string otherwise)
    {
        int at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
    }
}
