using System.Reflection;
using System.Text.RegularExpressions;

namespace DeltaTune.Architecture.Tests.Rules;

/// <summary>What holds for every source file and class, whatever it is about.</summary>
public sealed partial class SourceTests
{
    [Test]
    public void Class_InAnyAssembly_IsAbstractSealedOrStatic()
    {
        string[] open =
        [
            .. Repository.Projects.Values.SelectMany(static (Assembly a) => a.GetTypes().Where(t => t.DeclaringType is not null || t != a.EntryPoint?.DeclaringType))
                .Where(static t => t.IsClass && !t.IsAbstract && !t.IsSealed && !t.Name.Contains('<', StringComparison.Ordinal))
                .Select(static t => t.FullName!),
        ];

        Assert.That(open, Is.Empty);
    }

    [Test]
    public void SourceFile_OfTheProduct_HasOneTopLevelType()
    {
        string[] several = [.. Sources().Where(static f => TopLevelType().Count(File.ReadAllText(Path.Combine(Repository.Root, f))) > 1)];

        Assert.That(several, Is.Empty);
    }

    [Test]
    public void SourceFile_OfTheProduct_IsNotTooLong()
    {
        string[] tooLong = [.. Sources().Select(static f => (Name: f, Lines: File.ReadLines(Path.Combine(Repository.Root, f)).Count())).Where(static f => f.Lines > 300).Select(static f => $"{f.Name}: {f.Lines} lines")];

        Assert.That(tooLong, Is.Empty);
    }

    [Test]
    public void File_InTheRepository_NamesNoMachineAndNoRegistry()
    {
        string[] found =
        [
            .. Repository.Files().Select(static f => (Name: f, Path: Path.Combine(Repository.Root, f))).Where(static f => IsText(f.Path))
                .SelectMany(static f => File.ReadLines(f.Path).Select((line, at) => (line, at)).Where(static l => Forbidden().IsMatch(l.line)).Select(l => $"{f.Name}:{l.at + 1}: {l.line.Trim()}")),
        ];

        Assert.That(found, Is.Empty);
    }

    [TestCase("cd /work" + "/main", true)]
    [TestCase("'/tmp" + "/x.json'", true)]
    [TestCase("https://api.nuget" + ".org/v3", true)]
    [TestCase("$root/work/one", false)]
    [TestCase("https://dot.net/download", false)]
    public void Forbidden_Line_IsTold(string line, bool forbidden)
    {
        Assert.That(Forbidden().IsMatch(line), Is.EqualTo(forbidden));
    }

    private static IEnumerable<string> Sources() => Repository.Files()
        .Where(static f => f.EndsWith(".cs", StringComparison.Ordinal) && (f.StartsWith("Abstractions/", StringComparison.Ordinal) || f.StartsWith("Host/", StringComparison.Ordinal) || f.StartsWith("Plugins/", StringComparison.Ordinal)));

    // As git tells: a file with a zero byte near its start is no text.
    private static bool IsText(string path)
    {
        using FileStream file = File.OpenRead(path);
        var start = new byte[8000];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return !start.AsSpan(0, read).Contains((byte)0);
    }

    // A folder of somebody's machine, at the start of a path; the host of a package registry.
    [GeneratedRegex(@"(?<![\w.$})-])/(work|root|tmp|home)/|\b(nuget|pypi|npmjs|pythonhosted|crates)\.(org|com|io)\b")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"^(public |internal |file |abstract |sealed |static |readonly |partial |unsafe )*(class|record|record struct|struct|interface|enum|delegate) \w", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
