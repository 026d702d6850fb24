using System.Reflection;
using System.Xml.Linq;

namespace DeltaTune.Architecture.Tests.Rules;

/// <summary>Dependencies point one way: plugins and host to the contracts, the contracts to nothing heavy, and nobody to a plugin.</summary>
public sealed class DependencyTests
{
    private static readonly string[] s_contractsMayUse = ["Microsoft.Extensions.DependencyInjection.Abstractions", "Newtonsoft.Json", "TorchSharp"];

    [TestCase("Plugins/Backbones")]
    [TestCase("Plugins/Prompts")]
    [TestCase("Plugins/Adapters")]
    [TestCase("Host")]
    public void Assembly_OfPluginOrHost_KnowsOnlyTheContracts(string project)
    {
        Assert.That(References(project).Where(static n => n.StartsWith("DeltaTune", StringComparison.Ordinal)), Is.EqualTo(new[] { "DeltaTune.Abstractions" }));
    }

    [Test]
    public void Assembly_OfTheContracts_NeedsNothingHeavy()
    {
        Assert.That(References("Abstractions").Where(static n => !n.StartsWith("System.", StringComparison.Ordinal)), Is.SubsetOf(s_contractsMayUse));
    }

    [Test]
    public void ProjectFile_OfAnyProject_ReferencesOnlyTheContracts()
    {
        string[] wrong =
        [
            .. Directory.GetFiles(Path.Combine(Repository.Root, "Plugins"), "*.csproj", SearchOption.AllDirectories)
                .Append(Path.Combine(Repository.Root, "Host", "DeltaTune.Host.csproj"))
                .Append(Path.Combine(Repository.Root, "Abstractions", "DeltaTune.Abstractions.csproj"))
                .SelectMany(static file => XDocument.Load(file).Descendants("ProjectReference")
                    // What is only built along, as the host builds the plugins, is no reference.
                    .Where(static r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
                    .Select(static r => (string)r.Attribute("Include")!)
                    .Where(static r => r != "$(RepoRoot)Abstractions/DeltaTune.Abstractions.csproj")
                    .Select(r => $"{Path.GetFileName(file)} references {r}")),
        ];

        Assert.That(wrong, Is.Empty);
    }

    [TestCase("Plugins/Backbones")]
    [TestCase("Plugins/Prompts")]
    [TestCase("Plugins/Adapters")]
    public void Plugin_EntryTypes_AreOne(string project)
    {
        Type[] entries = [.. Repository.Projects[project].GetTypes().Where(static t => !t.IsAbstract && typeof(IPlugin).IsAssignableFrom(t))];

        Assert.That(entries, Has.Length.EqualTo(1));
        Assert.That(entries[0].IsPublic && entries[0].GetConstructor(Type.EmptyTypes) is not null, Is.True);
    }

    private static IEnumerable<string> References(string project) => Repository.Projects[project].GetReferencedAssemblies().Select(static (AssemblyName n) => n.Name!);
}
