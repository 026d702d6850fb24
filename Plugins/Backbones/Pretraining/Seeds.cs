using DeltaTune.Tasks;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Derives a seed for each place where chance is needed, so that a resumed run needs no state of a generator.</summary>
internal static class Seeds
{
    public static ulong Of(long seed, params ReadOnlySpan<long> place)
    {
        ulong state = new SplitMix64((ulong)seed).Next();
        foreach (long number in place)
        {
            state = new SplitMix64(state ^ (ulong)number).Next();
        }

        return state;
    }
}
