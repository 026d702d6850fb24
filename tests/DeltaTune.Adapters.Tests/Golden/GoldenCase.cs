using System.Text.Json;
using DeltaTune.Backbones;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Files;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Tests.Golden;

/// <summary>One case of the reference numbers in <c>shared/golden</c> beside the repository; a test is ignored without it.</summary>
internal sealed class GoldenCase : IDisposable
{
    private readonly JsonDocument _json;

    public GoldenCase(string name)
    {
        Folder = FolderOf(name);
        _json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "golden.json")));
    }

    public string Folder { get; }

    public bool IsPeft => File.Exists(Path.Combine(Folder, "adapter_config.json"));

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

    /// <summary>The base model's network: the family is the first word of its folder's name.</summary>
    public Backbone Backbone()
    {
        string name = _json.RootElement.GetProperty("base_model").GetString()!;
        string folder = FolderOf(name);
        return name.StartsWith("roberta", StringComparison.Ordinal)
            ? new RobertaLoader(new RobertaOptions { Path = folder }).Load()
            : new BertLoader(new BertOptions { Path = folder }).Load();
    }

    /// <summary>The delta's files as they were saved before training.</summary>
    public DeltaPackage Package()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Folder, IsPeft ? "adapter_model.safetensors" : "delta_model.safetensors"));
        JObject config = JObject.Parse(File.ReadAllText(Path.Combine(Folder, IsPeft ? "adapter_config.json" : "config.json")));
        return new DeltaPackage(config, file.Entries.ToDictionary(e => e.Name, e => file.Read(e.Name)));
    }

    public TextBatch Batch() => new() { InputIds = Longs("input_ids"), AttentionMask = Longs("attention_mask") };

    public bool Has(string key) => _json.RootElement.TryGetProperty(key, out _);

    public double[] Numbers(string key) => Doubles(_json.RootElement.GetProperty(key));

    public double[] Data(string key) => Doubles(_json.RootElement.GetProperty(key).GetProperty("data"));

    public Tensor Longs(string key)
    {
        JsonElement value = _json.RootElement.GetProperty(key);
        long[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64())];
        return tensor(value.GetProperty("data").EnumerateArray().Select(v => v.GetInt64()).ToArray(), shape);
    }

    public long Count(string key) => _json.RootElement.GetProperty(key).GetInt64();

    /// <summary>The optimiser that the numbers were made with.</summary>
    public optim.Optimizer Optimizer(IEnumerable<TorchSharp.Modules.Parameter> parameters)
    {
        JsonElement settings = _json.RootElement.GetProperty("optimizer");
        double Get(string key) => settings.GetProperty(key).GetDouble();
        return optim.AdamW(
            parameters, Get("lr"), settings.GetProperty("betas")[0].GetDouble(), settings.GetProperty("betas")[1].GetDouble(), Get("eps"), Get("weight_decay"));
    }

    public void Dispose() => _json.Dispose();

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetDouble())];
}
