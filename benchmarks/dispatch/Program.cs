using System.Diagnostics;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Benchmarks.Dispatch;

/// <summary>Measures what calling a small operator costs. The operators do next to nothing, so what is left is the way there and back.</summary>
internal static class Program
{
    private const int Calls = 20_000, Blocks = 25;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private static int Main()
    {
        set_num_threads(1);
        manual_seed(1).Dispose();
        var nanoseconds = new Dictionary<string, double[]>
        {
            ["a.add_(b), 1 element"] = AddInPlace(),
            ["c = a + b, 16 elements"] = Add(),
            ["Linear, 1x8x8, no grad"] = Linear(),
        };
        Console.WriteLine(JsonSerializer.Serialize(new { torch = __version__, library = Library(), threads = get_num_threads(), nanoseconds }));
        return 0;
    }

    private static double[] AddInPlace()
    {
        using Tensor a = zeros(1), b = ones(1);
        return Measure(() =>
        {
            for (int i = 0; i < Calls; i++)
            {
                a.add_(b);
            }
        });
    }

    private static double[] Add()
    {
        using Tensor a = rand(16), b = rand(16);
        return Measure(() =>
        {
            for (int i = 0; i < Calls; i++)
            {
                using Tensor c = a + b;
            }
        });
    }

    private static double[] Linear()
    {
        using Linear linear = nn.Linear(8, 8);
        using Tensor x = rand(1, 8);
        using IDisposable off = no_grad();
        return Measure(() =>
        {
            for (int i = 0; i < Calls; i++)
            {
                using Tensor y = linear.call(x);
            }
        });
    }

    // Nanoseconds a call, one number a block, after the compiler has seen which code is hot.
    private static double[] Measure(Action block)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < WarmUp)
        {
            block();
        }

        var times = new double[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            start = Stopwatch.GetTimestamp();
            block();
            times[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;
        }

        return times;
    }

    // The file that computes, so that both sides can be seen to use the same one.
    private static string Library()
        => File.Exists("/proc/self/maps")
            ? File.ReadLines("/proc/self/maps").FirstOrDefault(static line => line.Contains("libtorch_cpu", StringComparison.Ordinal))?.Split(' ')[^1] ?? ""
            : "";
}
