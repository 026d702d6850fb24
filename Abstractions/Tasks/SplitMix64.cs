namespace DeltaTune.Tasks;

/// <summary>A small seeded generator that gives the same numbers on every platform and .NET version, which System.Random does not
/// promise.</summary>
/// <remarks>Source: Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators", OOPSLA, figures 17 and 18
/// (mix64variant13). Not for secrets.</remarks>
public sealed class SplitMix64
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15; // 2⁶⁴ / golden ratio, odd
    private ulong _state;

    /// <summary>Creates a generator. Equal seeds give equal sequences.</summary>
    /// <param name="seed">Any number.</param>
    public SplitMix64(ulong seed) => _state = seed;

    /// <summary>Draws 64 uniform bits.</summary>
    /// <returns>Any value.</returns>
    public ulong Next()
    {
        _state += GoldenGamma;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Draws a uniform integer below a bound, without bias.</summary>
    /// <param name="bound">1 or more.</param>
    /// <returns>From 0 to <paramref name="bound"/> - 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong excess = (ulong.MaxValue % (ulong)bound) + 1; // 2⁶⁴ mod bound, or bound itself where it divides 2⁶⁴
        ulong limit = excess == (ulong)bound ? ulong.MaxValue : ulong.MaxValue - excess;
        ulong draw;
        do { draw = Next(); } while (draw > limit); // values above the last whole multiple would favour small results
        return (int)(draw % (ulong)bound);
    }

    /// <summary>Draws a uniform number.</summary>
    /// <returns>From 0 up to but not 1, in steps of 2⁻⁵³.</returns>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Brings a list into a uniformly random order, in place (Fisher and Yates).</summary>
    /// <typeparam name="T">Of anything.</typeparam>
    /// <param name="list">The list, changed by this call.</param>
    public void Shuffle<T>(IList<T> list)
    {
        ArgumentNullException.ThrowIfNull(list);
        for (int i = list.Count - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
