using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);

    public static Device CUDA { get; } = new(DeviceType.CUDA, 0);

    public static Device MPS { get; } = new(DeviceType.MPS, 0);

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    /// <summary>Where a tensor lives: a kind of device and, for a GPU, its number.</summary>
    public class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = deviceType == DeviceType.CUDA && index < 0 ? 0 : index;
        }

        public Device(string deviceType, int index = -1)
            : this(ParseType(deviceType, deviceType), index)
        {
        }

        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public Device(string description)
            : this(Parse(description))
        {
        }

        private Device((DeviceType Type, int Index) parsed)
            : this(parsed.Type, parsed.Index)
        {
        }

        public DeviceType type { get; }

        public int index { get; }

        internal int Packed => ((int)type << 8) | (byte)(sbyte)index;

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => index < 0 ? type.ToString().ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"{type.ToString().ToLowerInvariant()}:{index}");

        internal static Device FromPacked(int packed) => packed == 0xff ? CPU : new Device((DeviceType)(packed >> 8), (sbyte)(packed & 0xff));

        private static (DeviceType Type, int Index) Parse(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            string[] parts = description.Split(':');
            if (parts.Length > 2)
            {
                throw Unknown(description);
            }

            int index = -1;
            if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index))
            {
                throw Unknown(description);
            }

            return (ParseType(parts[0], description), index);
        }

        private static DeviceType ParseType(string name, string description) =>
            !int.TryParse(name, out _) && Enum.TryParse(name, ignoreCase: true, out DeviceType type) ? type : throw Unknown(description);

        private static ArgumentException Unknown(string description) =>
            new($"'{description}' is not a device; a device is written as 'cpu', 'cuda' or 'cuda:0'.", nameof(description));
    }
}
