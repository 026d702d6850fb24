using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Golden;

/// <summary>One case folder: its numbers, and the comparisons made so far.</summary>
internal sealed class GoldenCase
{
    private readonly List<string> _wrong = [];

    public GoldenCase(string folder)
    {
        Folder = folder;
        Name = Path.GetFileName(folder);
        using var reader = new JsonTextReader(File.OpenText(Path.Combine(folder, "golden.json"))) { FloatParseHandling = FloatParseHandling.Double };
        Json = JObject.Load(reader);
    }

    public string Folder { get; }

    public string Name { get; }

    public JObject Json { get; }

    /// <summary>The largest deviation of a number from the golden one, relative for golden numbers above 1.</summary>
    public double LargestDeviation { get; private set; }

    public int Comparisons { get; private set; }

    public IReadOnlyList<string> Wrong => _wrong;

    public bool Has(string key) => Json[key] is { Type: not JTokenType.Null };

    public string Text(string key) => (string)Json[key]!;

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>A golden tensor as numbers.</summary>
    public static double[] Numbers(JToken token) => token switch
    {
        JObject tensor when tensor["data"] is JArray data => [.. data.Select(Number)],
        JArray list => [.. list.Select(Number)],
        _ => [Number(token)],
    };

    public static long[] Shape(JToken token) => [.. token["shape"]!.Select(d => (long)d)];

    /// <summary>A golden integer tensor.</summary>
    public Tensor Integers(string key) => tensor(Numbers(Json[key]!).Select(n => (long)n).ToArray(), Shape(Json[key]!));

    /// <summary>A golden tensor of real numbers, as float32.</summary>
    public static Tensor Floats(JToken token) => tensor(Numbers(token).Select(n => (float)n).ToArray(), Shape(token));

    public void Compare(string key, Tensor actual) => Compare(key, Values(actual));

    public void Compare(string key, params double[] actual) => Compare(key, Json[key]!, Json[key + "_f64"], actual);

    /// <summary>
    /// Compares numbers with golden ones. Allowed is ten times the rounding noise that the float64 twin shows, and 1e-6, relative above 1; where there is
    /// no twin, 1e-5 of rounding is taken, or 1e-4 after training.
    /// </summary>
    public void Compare(string what, JToken golden, JToken? twin, double[] actual)
    {
        double[] expected = Numbers(golden);
        if (expected.Length != actual.Length)
        {
            _wrong.Add($"{what}: {expected.Length} numbers expected, {actual.Length} computed");
            return;
        }

        double noise = twin is null ? (what.Contains("after", StringComparison.Ordinal) || what.Contains("loss", StringComparison.Ordinal) ? 1e-5 : 1e-6) : Largest(expected, Numbers(twin));
        Check(what, Largest(expected, actual), (10 * noise) + 1e-6);
    }

    /// <summary>Records a deviation and whether it is within what is allowed.</summary>
    public void Check(string what, double deviation, double allowed)
    {
        Comparisons++;
        LargestDeviation = Math.Max(LargestDeviation, double.IsNaN(deviation) ? double.PositiveInfinity : deviation);
        if (!(deviation <= allowed))
        {
            _wrong.Add($"{what}: off by {deviation:g3}, allowed {allowed:g3}");
        }
    }

    /// <summary>Records something that must be equal.</summary>
    public void Same<T>(string what, T expected, T actual)
    {
        Comparisons++;
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            _wrong.Add($"{what}: expected {expected}, got {actual}");
        }
    }

    /// <summary>Records lists that must be equal.</summary>
    public void SameList<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
        => Same(what, string.Join("|", expected), string.Join("|", actual));

    /// <summary>Records sets that must be equal; what is missing and what is too much is named.</summary>
    public void SameSet(string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        string[] wanted = [.. expected], found = [.. actual];
        Same(what, "missing: none, surplus: none", $"missing: {Listed(wanted.Except(found))}, surplus: {Listed(found.Except(wanted))}");

        static string Listed(IEnumerable<string> names) => string.Join(" ", names.DefaultIfEmpty("none"));
    }

    public static double[] Values(Tensor tensor)
    {
        using Tensor flat = tensor.detach().to(ScalarType.Float64).cpu().contiguous();
        return [.. flat.data<double>()];
    }

    private static double Number(JToken token) => token.Type switch
    {
        JTokenType.String => (string)token! == "inf" ? double.PositiveInfinity : double.NegativeInfinity,
        JTokenType.Null => double.NaN,
        _ => (double)token,
    };

    private static double Largest(double[] expected, double[] actual)
    {
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double gap = expected[i].Equals(actual[i]) ? 0 : Math.Abs(expected[i] - actual[i]) / Math.Max(1, Math.Abs(expected[i]));
            largest = double.IsNaN(gap) ? double.PositiveInfinity : Math.Max(largest, gap);
        }

        return largest;
    }
}
