using System.Xml.Linq;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Architecture.Tests.Rules;

/// <summary>The two torch providers ask the registry for the same packages, but for torch and the plugin loader themselves.</summary>
public sealed class ProviderTests
{
    private IReadOnlyList<(string Project, string Provider, string Package)> _references = [];

    [OneTimeSetUp]
    public void Evaluate()
    {
        string project = Path.Combine(Repository.Root, "tests", "DeltaTune.Architecture.Tests", "Rules", "References.proj");
        (int code, string output) = Repository.Run("dotnet", "msbuild", project, "-nologo", "-nodeReuse:false", "-getTargetResult:References");
        Assert.That(code, Is.Zero, output);
        JToken items = JObject.Parse(output)["TargetResults"]!["References"]!["Items"]!;
        _references = [.. items.Select(static i => (Path.GetFileNameWithoutExtension((string)i["MSBuildSourceProjectFile"]!), (string)i["Provider"]!, (string)i["Identity"]!))];
    }

    [TestCase("DeltaTune.Abstractions", "TorchSharp")]
    [TestCase("DeltaTune.Backbones", "TorchSharp")]
    [TestCase("DeltaTune.Prompts", "TorchSharp")]
    [TestCase("DeltaTune.Adapters", "TorchSharp")]
    [TestCase("DeltaTune.Host", "McMaster.NETCore.Plugins", "TorchSharp")]
    public void PackageReferences_OfThePackageProvider_AreThoseOfTheSystemProviderAndTorch(string project, params string[] more)
    {
        string[] system = Packages(project, "system"), package = Packages(project, "package");

        Assert.That(package.Except(system), Is.EquivalentTo(more));
        Assert.That(system.Except(package), Is.Empty);
    }

    [Test]
    public void PackageReferences_OfAnyProject_HaveAVersion()
    {
        string[] known = [.. XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(static p => (string)p.Attribute("Include")!)];

        Assert.That(_references.Select(static r => r.Package).Distinct(), Is.SubsetOf(known));
    }

    private string[] Packages(string project, string provider) =>
        [.. _references.Where(r => r.Project == project && r.Provider == provider).Select(static r => r.Package).Distinct()];
}
