using DeltaTune.Adapters.Prefix;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Tests.Prefix;

/// <summary>The prefix around an attention of the tensors' own, against the same sums done number by number in double precision.</summary>
[TestFixture]
public sealed class PrefixEffectTests
{
    // Sizes that differ from one another; two heads of the checkpoint serve four of the queries.
    private const int Batch = 2, Heads = 4, StoredHeads = 2, Queries = 3, Keys = 5, Size = 6, Length = 7;
    private const double Scale = 0.7;
    private const double Rounding = 1e-5; // float32, sums of a dozen products

    private DisposeScope _scope = null!;
    private Generator _generator = null!;

    [SetUp]
    public void Make()
    {
        random.manual_seed(3);
        (_scope, _generator) = (NewDisposeScope(), new Generator(5));
    }

    [TearDown]
    public void Free()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [TestCase(Heads, 1.0)]
    [TestCase(StoredHeads, 1.0)]
    [TestCase(Heads, 0.5)]
    public void Apply_AnyHeads_IsTheSoftmaxOverPrefixAndKeys(int stored, double strength)
    {
        AttentionSite site = Site(stored);
        using var effect = new PrefixEffect(site, Length, 1, CPU) { Strength = strength };
        AttentionInput input = Input(null);
        site.Attach(effect);

        Tensor actual = site.Call(input);

        Assert.That(actual.shape, Is.EqualTo(new long[] { Batch, Heads, Queries, Size }));
        Assert.That(Numbers(actual), Is.EqualTo(ByHand(input, effect, strength)).Within(Rounding));
    }

    [Test]
    public void Apply_Mask_HidesTheSitesOwnKeysAndNeverThePrefix()
    {
        AttentionSite site = Site(Heads);
        using var effect = new PrefixEffect(site, Length, 1, CPU);
        Tensor mask = zeros(Batch, 1, 1, Keys);
        mask[1, 0, 0, 3] = float.NegativeInfinity; // the second row is padded from its fourth key on
        mask[1, 0, 0, 4] = float.NegativeInfinity;
        AttentionInput input = Input(mask);
        AttentionInput other = input with { Key = input.Key.clone(), Value = input.Value.clone() };
        other.Key[1, .., 3.., ..] = 9; // what the padding holds
        other.Value[1, .., 3.., ..] = 9;
        site.Attach(effect);

        double[] actual = Numbers(site.Call(input));

        Assert.That(actual, Is.EqualTo(ByHand(input, effect, 1)).Within(Rounding));
        Assert.That(Numbers(site.Call(other)), Is.EqualTo(actual));
        Assert.That(input.Mask!.shape, Is.EqualTo(new long[] { Batch, 1, 1, Keys }));
    }

    [Test]
    public void Apply_StrengthZero_IsTheSiteAlone()
    {
        AttentionSite site = Site(Heads);
        using var effect = new PrefixEffect(site, Length, 1, CPU) { Strength = 0 };
        AttentionInput input = Input(null);
        double[] before = Numbers(site.Call(input));

        site.Attach(effect);

        Assert.That(Numbers(site.Call(input)), Is.EqualTo(before));
    }

    [Test]
    public void Apply_OneQueryAlone_GivesWhatItGivesAmongOthers()
    {
        AttentionSite site = Site(Heads);
        using var effect = new PrefixEffect(site, Length, 1, CPU);
        AttentionInput input = Input(null);
        site.Attach(effect);

        Tensor among = site.Call(input)[.., .., 1.., ..];
        Tensor alone = site.Call(input with { Query = input.Query[.., .., 1.., ..] });

        Assert.That(Numbers(alone), Is.EqualTo(Numbers(among)).Within(Rounding));
    }

    [TestCase("prefix_key", StoredHeads)]
    [TestCase("prefix_value", StoredHeads)]
    [TestCase("prefix_key", Heads)]
    [TestCase("prefix_value", Heads)]
    public void Backward_Attached_ReachesEachNumberOfKeysAndValues(string name, int stored)
    {
        AttentionSite site = Site(stored);
        using var effect = new PrefixEffect(site, Length, 1, CPU);
        site.Attach(effect);

        site.Call(Input(null)).square().sum().backward();

        Tensor? gradient = effect.get_parameter(name)!.grad;
        Assert.That(gradient?.shape, Is.EqualTo(new long[] { stored, Length, Size }));
        Assert.That(gradient!.count_nonzero().item<long>(), Is.EqualTo(stored * Length * Size));
    }

    [Test]
    public void Constructor_Deviation_IsThatOfKeysAndValues()
    {
        using var effect = new PrefixEffect(Site(Heads), 500, 0.02, CPU); // 12,000 numbers each

        foreach (string name in (string[])["prefix_key", "prefix_value"])
        {
            Tensor p = effect.get_parameter(name)!.detach();
            Assert.That(p.square().mean().sqrt().item<float>(), Is.EqualTo(0.02).Within(0.001)); // 8 standard errors
            Assert.That(p.mean().item<float>(), Is.Zero.Within(0.001));                          // 5 of them
        }
    }

    private static AttentionSite Site(int stored) => new("layers.0.attn.kv", "net.0.self", 0, stored, Size, a =>
    {
        Tensor scores = a.Query.matmul(a.Key.transpose(2, 3)).mul(a.Scale);
        return (a.Mask is null ? scores : scores.add(a.Mask)).softmax(3).matmul(a.Value);
    });

    private AttentionInput Input(Tensor? mask) => new(Random(Queries), Random(Keys), Random(Keys), mask, Scale, 0);

    private Tensor Random(long length) => randn([Batch, Heads, length, Size], generator: _generator);

    private static double[] Numbers(Tensor tensor) => [.. tensor.detach().contiguous().data<float>().Select(v => (double)v)];

    private static double[] ByHand(AttentionInput input, PrefixEffect effect, double strength)
    {
        double[] q = Numbers(input.Query), k = Numbers(input.Key), v = Numbers(input.Value);
        double[]? mask = input.Mask is null ? null : Numbers(input.Mask); // [batch, 1, 1, keys]
        double[] pk = Numbers(effect.get_parameter("prefix_key")!), pv = Numbers(effect.get_parameter("prefix_value")!);
        int group = Heads / (pk.Length / (Length * Size)); // how many query heads in a row share a head of the checkpoint
        var all = new List<double>();
        for (int b = 0; b < Batch; b++)
        {
            for (int h = 0; h < Heads; h++)
            {
                for (int i = 0; i < Queries; i++)
                {
                    double[] query = Vector(q, (((b * Heads) + h) * Queries) + i);
                    var sum = new double[Size];
                    double total = 0;
                    for (int j = 0; j < Length + Keys; j++)
                    {
                        int before = ((h / group) * Length) + j, own = (((b * Heads) + h) * Keys) + j - Length;
                        double[] key = j < Length ? Vector(pk, before) : Vector(k, own);
                        double[] value = j < Length ? [.. Vector(pv, before).Select(x => x * strength)] : Vector(v, own);
                        double hidden = j < Length || mask is null ? 0 : mask[(b * Keys) + j - Length];
                        double weight = Math.Exp((query.Zip(key, (x, y) => x * y).Sum() * Scale) + hidden);
                        total += weight;
                        for (int d = 0; d < Size; d++)
                        {
                            sum[d] += weight * value[d];
                        }
                    }

                    all.AddRange(sum.Select(x => x / total));
                }
            }
        }

        return [.. all];
    }

    private static double[] Vector(double[] from, int index) => from[(index * Size)..((index + 1) * Size)];
}
