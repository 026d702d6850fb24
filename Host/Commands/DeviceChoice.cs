using System.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>The options about what is computed on, the same in every command that computes.</summary>
internal static class DeviceChoice
{
    /// <summary>Makes <c>--device</c>.</summary>
    public static Option<string> DeviceOption()
    {
        var option = new Option<string>("--device") { Description = "auto (a GPU where there is one), cpu, cuda, or cuda:1.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        return option;
    }

    /// <summary>Makes <c>--threads</c>.</summary>
    public static Option<int?> ThreadsOption() => new("--threads") { Description = "Threads to compute with on the CPU. The default is all cores.", HelpName = "N" };

    /// <summary>Takes the options up. The first use of libtorch in a command.</summary>
    /// <param name="device">The value of <c>--device</c>.</param>
    /// <param name="threads">The value of <c>--threads</c>.</param>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidRunException">There is no such device, or a number of threads below 1.</exception>
    public static Device Apply(string device, int? threads)
    {
        if (threads is < 1)
        {
            throw new InvalidRunException("--threads", $"must be 1 or more, but is {threads}");
        }

        if (threads is int count)
        {
            set_num_threads(count);
        }

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
