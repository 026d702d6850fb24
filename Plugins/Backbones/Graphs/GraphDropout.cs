using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Dropout for large tables: on a CPU libtorch draws one number after the other, which takes longer than a whole convolution of a sparse graph.</summary>
/// <remarks>
/// Here eight generators run side by side, each seeded from libtorch's: xoshiro128++ of Blackman and Vigna 2021, "Scrambled Linear Pseudorandom Number Generators",
/// https://arxiv.org/abs/1805.01407. The numbers are the same on every processor. Elsewhere than in float32 on a CPU it is libtorch's own.
/// </remarks>
internal static class GraphDropout
{
    /// <summary>Drops elements, and divides the others by the probability of keeping one.</summary>
    /// <param name="states">Not disposed.</param>
    /// <param name="probability">Of dropping an element; from 0 to below 1.</param>
    /// <param name="training">Whether it acts.</param>
    /// <returns>A new tensor of the same shape; the states themselves where it does not act.</returns>
    public static Tensor Apply(Tensor states, double probability, bool training)
    {
        if (!training || probability == 0)
        {
            return states;
        }

        if (states.device.type != TorchSharp.DeviceType.CPU || states.dtype != ScalarType.Float32 || states.numel() > int.MaxValue / sizeof(float))
        {
            return nn.functional.dropout(states, probability);
        }

        using Tensor seed = randint(long.MaxValue, [1]);
        Tensor mask = empty(states.shape, ScalarType.Float32);
        Fill(MemoryMarshal.Cast<byte, uint>(mask.bytes), probability, (ulong)seed.item<long>());
        return states * mask;
    }

    // 0 or 1/(1 − p), as the bits of a float.
    private static void Fill(Span<uint> mask, double probability, ulong seed)
    {
        var seeds = new SplitMix64(seed);
        Vector256<uint> a = Lanes(seeds), b = Lanes(seeds), c = Lanes(seeds), d = Lanes(seeds);
        Vector256<uint> least = Vector256.Create((uint)Math.Round(probability * uint.MaxValue)), kept = Vector256.Create(BitConverter.SingleToUInt32Bits((float)(1 / (1 - probability))));
        Span<uint> last = stackalloc uint[Vector256<uint>.Count];
        for (int i = 0; i < mask.Length; i += Vector256<uint>.Count)
        {
            Vector256<uint> drawn = Turn(a + d, 7) + a, shifted = b << 9;
            c ^= a;
            d ^= b;
            b ^= c;
            a ^= d;
            c ^= shifted;
            d = Turn(d, 11);
            Vector256<uint> chosen = Vector256.GreaterThanOrEqual(drawn, least) & kept;
            if (i + Vector256<uint>.Count <= mask.Length)
            {
                chosen.CopyTo(mask[i..]);
            }
            else
            {
                chosen.CopyTo(last);
                last[..(mask.Length - i)].CopyTo(mask[i..]);
            }
        }

        static Vector256<uint> Turn(Vector256<uint> x, int bits) => (x << bits) | (x >>> (32 - bits));
    }

    private static Vector256<uint> Lanes(SplitMix64 seeds) => Vector256.Create(seeds.Next(), seeds.Next(), seeds.Next(), seeds.Next()).AsUInt32();
}
