namespace DeltaTune.Torch.Tests;

/// <summary>Finds the folder of reference data that may lie beside the repository.</summary>
internal static class SharedFiles
{
    internal static string RequireReference(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "reference", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Ignore($"shared/reference/{name} is absent");
        return "";
    }
}
