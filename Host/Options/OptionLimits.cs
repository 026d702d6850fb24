using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DeltaTune.Host.Options;

/// <summary>Reads limits from attributes, for the checks and the schema alike.</summary>
internal static class OptionLimits
{
    /// <summary>Gets the limits of a range; null where the type's own end stands for none.</summary>
    public static (double? Least, double? Most) Of(RangeAttribute range)
    {
        double least = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
        double most = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        return (IsEnd(least) ? null : least, IsEnd(most) ? null : most);
    }

    /// <summary>Tells whether a real number is within the limits of a range.</summary>
    public static bool Hold(RangeAttribute range, double value)
    {
        (double? least, double? most) = Of(range);
        bool above = least is null || value > least || (value == least && !range.MinimumIsExclusive);
        bool below = most is null || value < most || (value == most && !range.MaximumIsExclusive);
        return above && below && !double.IsNaN(value);
    }

    private static bool IsEnd(double value)
        => double.IsInfinity(value) || Math.Abs(value) is double.MaxValue or float.MaxValue || value is int.MaxValue or int.MinValue or (double)long.MaxValue or (double)long.MinValue;
}
