using System.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>The options about what is computed on, the same in every command that computes.</summary>
internal sealed class DeviceChoice
{
    /// <summary>Gets <c>--device</c>.</summary>
    public Option<string> Device { get; } = new("--device") { Description = "auto (a GPU where there is one), cpu, cuda, or cuda:1.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };

    /// <summary>Gets <c>--threads</c>.</summary>
    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads to compute with on the CPU. The default is all cores.", HelpName = "N" };

    /// <summary>Takes the options up. The first use of libtorch in a command.</summary>
    /// <param name="result">The command line.</param>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidRunException">There is no such device, or a number of threads below 1.</exception>
    public Device Of(ParseResult result)
    {
        int? threads = result.GetValue(Threads);
        if (threads is < 1)
        {
            throw new InvalidRunException("--threads", $"must be 1 or more, but is {threads}");
        }

        if (threads is int count)
        {
            set_num_threads(count);
        }

        return Named(result.GetValue(Device)!);
    }

    private static Device Named(string device)
    {
        switch (device.ToLowerInvariant())
        {
            case "auto":
                return cuda.is_available() ? CUDA : CPU;
            case "cpu":
                return CPU;
            case string name when name == "cuda" || name.StartsWith("cuda:", StringComparison.Ordinal):
                if (!cuda.is_available())
                {
                    throw new InvalidRunException("--device", $"is '{device}', but this libtorch sees no GPU; use --device cpu, or a libtorch with CUDA");
                }

                int index = 0;
                if (name.Length > 5 && (!int.TryParse(name.AsSpan(5), out index) || index < 0 || index >= cuda.device_count()))
                {
                    throw new InvalidRunException("--device", $"is '{device}', but the GPUs are cuda:0 to cuda:{cuda.device_count() - 1}");
                }

                return new Device(DeviceType.CUDA, index);
            default:
                throw new InvalidRunException("--device", $"must be auto, cpu, cuda or cuda:N, but is '{device}'");
        }
    }
}
