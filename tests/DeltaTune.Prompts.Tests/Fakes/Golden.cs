using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests;

/// <summary>One case of the reference numbers, which lie beside the repository and are not a part of it.</summary>
internal sealed class Golden
{
    private Golden(string folder) => (Folder, Json) = (folder, JObject.Parse(File.ReadAllText(Path.Combine(folder, "golden.json"))));

    public string Folder { get; }

    public JObject Json { get; }

    public static string? Root { get; } = Find();

    /// <summary>Opens a case; the test is ignored where the numbers are absent.</summary>
    public static Golden Open(string name)
    {
        if (Root is null) { Assert.Ignore("shared/golden absent"); }
        return new Golden(Path.Combine(Root!, name));
    }

    /// <summary>The cases of OpenPrompt whose verbalizer is of a class; a placeholder where the numbers are absent.</summary>
    public static IEnumerable<string> Cases(Func<JObject, bool> which)
    {
        if (Root is null) { return ["openprompt-absent"]; }
        return Directory.GetDirectories(Root, "openprompt-*").Order(StringComparer.Ordinal).Where(f => which(new Golden(f).Json)).Select(f => Path.GetFileName(f)!);
    }

    public Tensor Tensor(string key)
    {
        JToken token = Json[key]!;
        return tensor(token["data"]!.Select(v => (float)v).ToArray(), token["shape"]!.Select(v => (long)v).ToArray());
    }

    public FakeTask Task()
    {
        string[] classes = [.. (Json["verbalizer_arguments"]?["classes"] ?? new JArray("sport", "science", "business")).Select(c => (string)c!)];
        return new FakeTask(["text_a", "text_b"], [.. classes.Select((c, i) => new ClassInfo(c, WordsOf(c, i)))]);
    }

    public IEnumerable<Example> Examples() => Json["examples"]!.Select(e => new Example
    {
        Id = (string)e["guid"]!,
        Fields = new Dictionary<string, string> { ["text_a"] = (string)e["text_a"]!, ["text_b"] = (string)e["text_b"]! },
        Label = (int)e["label"]!,
        Meta = ((JObject)e["meta"]!).Properties().ToDictionary(p => p.Name, p => (string)p.Value!),
    });

    /// <summary>The tokens of every label word, as the tokenizer of the case spells them.</summary>
    public Dictionary<string, int[]> LabelWordIds()
    {
        Dictionary<string, int[]> ids = [];
        if (Json["label_words_ids"] is not JObject table || table["shape"]!.Count() != 3) { return ids; }
        int words = (int)table["shape"]![1]!, tokens = (int)table["shape"]![2]!;
        JToken data = table["data"]!, mask = Json["words_ids_mask"]!["data"]!;
        for (int c = 0; c < Json["label_words"]!.Count(); c++)
        {
            for (int w = 0; w < Json["label_words"]![c]!.Count(); w++)
            {
                int start = ((c * words) + w) * tokens;
                ids[(string)Json["label_words"]![c]![w]!] = [.. Enumerable.Range(start, tokens).Where(i => (int)mask[i]! == 1).Select(i => (int)data[i]!)];
            }
        }

        return ids;
    }

    private string[] WordsOf(string name, int index) => Json["verbalizer_arguments"]?["label_words"] switch
    {
        JObject byName => [.. byName[name]!.Select(w => (string)w!)],
        JArray list when list[index] is JArray several => [.. several.Select(w => (string)w!)],
        JArray list => [(string)list[index]!],
        _ => [],
    };

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "golden");
            if (Directory.Exists(candidate)) { return candidate; }
        }

        return null;
    }
}
