using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune.Architecture.Tests.Rules;

/// <summary>What every registered component says of itself.</summary>
public sealed partial class CatalogTests
{
    private static readonly Dictionary<Assembly, HashSet<string>> s_documented = [];

    [TestCaseSource(nameof(Components))]
    public void Component_Description_IsComplete(ComponentDescriptor component)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(component.Name, Does.Match(Name()), "a name is lower case, of letters, digits and dashes");
            Assert.That(component.Summary, Does.Match(Summary()), "a summary is one line without a full stop");
            Assert.That(component.ComponentType.IsSealed, Is.True, $"{component.ComponentType} is sealed");
        }
    }

    [TestCaseSource(nameof(Components))]
    public void Component_Options_AreADocumentedRecord(ComponentDescriptor component)
    {
        Type options = component.OptionsType;
        string[] silent = [.. options.GetProperties().Where(static p => !IsDocumented(p)).Select(static p => p.Name)];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.GetMethod("<Clone>$"), Is.Not.Null, $"{options} is a record");
            Assert.That(options.IsSealed && options.IsPublic, Is.True, $"{options} is public and sealed");
            Assert.That(options.GetConstructor(Type.EmptyTypes), Is.Not.Null, $"{options} has working defaults");
            Assert.That(silent, Is.Empty, $"every property of {options} says what it is");
        }
    }

    [Test]
    public void Register_Twice_ChangesNothing()
    {
        var services = new ServiceCollection();
        IDeltaTuneBuilder builder = services.AddDeltaTune().AddBackbones().AddPrompts().AddAdapters();
        int once = services.Count;

        builder.Services.AddDeltaTune().AddBackbones().AddPrompts().AddAdapters();

        Assert.That(services, Has.Count.EqualTo(once));
    }

    private static IEnumerable<TestCaseData> Components()
    {
        var services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones().AddPrompts().AddAdapters();
        using ServiceProvider provider = services.BuildServiceProvider();
        return [.. provider.GetRequiredService<IComponentCatalog>().All.Select(static c => new TestCaseData(c).SetArgDisplayNames($"{c.Kind} {c.Name}"))];
    }

    private static bool IsDocumented(PropertyInfo property)
    {
        Type owner = property.DeclaringType!;
        if (!s_documented.TryGetValue(owner.Assembly, out HashSet<string>? members))
        {
            XDocument file = XDocument.Load(Path.ChangeExtension(owner.Assembly.Location, ".xml"));
            members = [.. file.Descendants("member").Where(static m => m.Elements().Any()).Select(static m => (string)m.Attribute("name")!)];
            s_documented[owner.Assembly] = members;
        }

        return members.Contains($"P:{owner.FullName!.Replace('+', '.')}.{property.Name}");
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\S[^\n]*[^\n.\s]$")]
    private static partial Regex Summary();
}
