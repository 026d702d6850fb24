using System.Text.Json;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>Reads the reference numbers in the folder <c>shared/golden</c> beside the repository; tests that need them are ignored without it.</summary>
internal sealed class Golden : IDisposable
{
    private readonly JsonDocument _json;

    private Golden(string folder) => (Folder, _json) = (folder, JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json"))));

    public string Folder { get; }

    public JsonElement Root => _json.RootElement;

    public static string FolderOf(string name)
    {
        for (DirectoryInfo? at = new(TestContext.CurrentContext.TestDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "shared", "golden", name);
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        Assert.Ignore($"shared/golden/{name} absent");
        return "";
    }

    public static Golden Open(string name) => new(FolderOf(name));

    public bool Has(string key) => Root.TryGetProperty(key, out _);

    public Tensor Floats(string key) => Floats(Root.GetProperty(key));

    public static Tensor Floats(JsonElement value)
        => tensor(value.GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).ToArray(), Shape(value));

    public Tensor Longs(string key)
    {
        JsonElement value = Root.GetProperty(key);
        return tensor(value.GetProperty("data").EnumerateArray().Select(v => v.GetInt64()).ToArray(), Shape(value));
    }

    public double Number(string key) => Root.GetProperty(key).GetDouble();

    public void Dispose() => _json.Dispose();

    private static long[] Shape(JsonElement value) => [.. value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64())];
}
