using System.Diagnostics;
using System.Reflection;

namespace DeltaTune.Architecture.Tests;

/// <summary>The checkout that these tests were built in, and the assemblies built from it.</summary>
internal static class Repository
{
    /// <summary>The projects whose assemblies are examined: folder and assembly.</summary>
    public static readonly IReadOnlyDictionary<string, Assembly> Projects = new Dictionary<string, Assembly>
    {
        ["Abstractions"] = typeof(IPlugin).Assembly,
        ["Plugins/Backbones"] = typeof(BackbonesBuilderExtensions).Assembly,
        ["Plugins/Prompts"] = typeof(PromptsBuilderExtensions).Assembly,
        ["Plugins/Adapters"] = typeof(AdaptersBuilderExtensions).Assembly,
        ["Host"] = typeof(Host.Options.TrainingOptions).Assembly,
    };

    /// <summary>Gets the folder of the checkout; the test is ignored where there is none.</summary>
    public static string Root
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                folder = folder.Parent;
            }

            Assume.That(folder, Is.Not.Null, "the checkout is absent");
            return folder!.FullName;
        }
    }

    /// <summary>Lists the files that git has or would take, by path from the root; the test is ignored where git does not answer.</summary>
    public static IReadOnlyList<string> Files()
    {
        (int code, string output) = Run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z");
        Assume.That(code, Is.Zero, "git, or its folder, is absent");
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct().Where(f => File.Exists(Path.Combine(Root, f)))];
    }

    /// <summary>Runs a program in the root.</summary>
    /// <returns>Its exit code and standard output.</returns>
    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(static k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name); // what started the tests may have been a build itself
        }

        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? output : output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}
