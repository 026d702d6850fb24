namespace DeltaTune.Host.Tests;

/// <summary>Finds the folder of reference numbers beside the repository; tests that need it are skipped where it is not there.</summary>
internal static class SharedFolder
{
    public static string Find(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string shared = Path.Combine(folder.FullName, "shared", name);
            if (Directory.Exists(shared))
            {
                return shared;
            }
        }

        Assert.Ignore($"shared/{name} absent");
        return "";
    }
}
