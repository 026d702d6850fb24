using System.IO.Compression;
using System.Text.RegularExpressions;
using TorchSharp;

namespace DeltaTune.Torch.Tests.Conformity;

/// <summary>Every public member of the stand-in exists, with the same signature, in the package that it stands in for.</summary>
public sealed partial class PublicSurfaceTests
{
    [Test]
    public void ApiWriter_OnThisAssembly_FindsOnlyStrangers()
    {
        HashSet<string> real = Real();

        string[] own = [.. ApiWriter.Lines(typeof(PublicSurfaceTests).Assembly)];

        Assert.That(own, Is.Not.Empty);
        Assert.That(own.Where(line => real.Contains(Normalise(line))), Is.Empty);
    }

    [Test]
    public void PublicMembers_ComparedWithTheRealPackage_AllExistThere()
    {
        HashSet<string> real = Real();
        string[] all = [.. ApiWriter.Lines(typeof(torch).Assembly)];

        string[] strangers = [.. all.Where(line => !real.Contains(Normalise(line)))];

        Assert.That(all, Has.Length.GreaterThan(1000));
        Assert.That(strangers, Is.Empty, () => "not in TorchSharp 0.107:\n" + string.Join("\n", strangers));
    }

    private static HashSet<string> Real()
    {
        string listing = SharedFiles.RequireReference("torchsharp-api.txt");
        HashSet<string> real = [.. File.ReadLines(listing).Select(Normalise)];
        string whole = SharedFiles.RequireReference("torchsharp-0.107-api-full.txt.gz");
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(whole), CompressionMode.Decompress)))
        {
            while (reader.ReadLine() is { } line)
            {
                real.Add(Normalise(line));
            }
        }

        return real;
    }

    // Whether a reference may be null is not compared (many of the real files say nothing), nor are a type's bases and constraints.
    private static string Normalise(string line)
    {
        string plain = QuestionAfterReference().Replace(line, "");
        int where = plain.IndexOf(" where ", StringComparison.Ordinal);
        plain = where < 0 ? plain : plain[..where];
        Match type = TypeLine().Match(plain);
        return type.Success ? type.Groups[1].Value : plain;
    }

    [GeneratedRegex(@"(?<!\b(long|int|double|float|bool|byte|sbyte|short|char|ulong|uint|nint|ScalarType|DeviceType|Index|Range|Half|BFloat16|\w+Mode)|\))\?")]
    private static partial Regex QuestionAfterReference();

    [GeneratedRegex(@"^(.* :: (?:public|protected) (?:static |abstract |sealed |readonly )*(?:class|struct|interface))(?: : .*)?$")]
    private static partial Regex TypeLine();
}
