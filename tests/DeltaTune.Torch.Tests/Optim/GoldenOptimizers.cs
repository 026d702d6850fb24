using System.Text.Json;

namespace DeltaTune.Torch.Tests.Optim;

/// <summary>The recorded optimiser runs and schedules, where they are beside the repository.</summary>
internal static class GoldenOptimizers
{
    private static readonly string[] s_path = ["shared", "golden", "optimizers", "golden.json"];

    internal static JsonElement Load()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine([folder.FullName, .. s_path]);
            if (File.Exists(file))
            {
                using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
                return document.RootElement.Clone();
            }
        }
        Assert.Ignore("shared/golden/optimizers/golden.json is absent");
        return default;
    }

    internal static double[] Numbers(this JsonElement element)
        => [.. (element.ValueKind == JsonValueKind.Object ? element.GetProperty("data") : element).EnumerateArray().Select(number => number.GetDouble())];
}
