using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune.Prompts.Tests;

[TestFixture]
public sealed class PromptsPluginTests
{
    [Test]
    public void Register_Twice_RegistersEachComponentOnce()
    {
        var services = new ServiceCollection();
        IDeltaTuneBuilder builder = services.AddDeltaTune();

        new PromptsPlugin().Register(builder);
        builder.AddPrompts();

        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<IComponentCatalog>().All.Select(c => $"{c.Kind} {c.Name}"), Is.EqualTo(new[]
        {
            "Template all-in-one", "Template gpf", "Template gpf-plus", "Template graph", "Template graph-prompt", "Template manual", "Template mixed", "Template prefix", "Template ptr", "Template ptuning", "Template soft",
            "Verbalizer automatic", "Verbalizer distmult", "Verbalizer generation", "Verbalizer gppt", "Verbalizer head", "Verbalizer hypersphere", "Verbalizer knowledgeable", "Verbalizer label-text", "Verbalizer linear", "Verbalizer manual",
            "Verbalizer one2one", "Verbalizer plet", "Verbalizer proto", "Verbalizer ptr", "Verbalizer scores", "Verbalizer similarity", "Verbalizer soft",
            "Task entity-typing", "Task graphqa", "Task graphs", "Task links", "Task lm", "Task molecules", "Task nodes", "Task triples", "Task tsv", "Task wordnet-graph", "Task wordnet-supersense",
        }));
    }

    [Test]
    public void Create_EveryComponent_FromItsDefaultOptions()
    {
        var services = new ServiceCollection();
        services.AddDeltaTune().AddPrompts();
        using ServiceProvider provider = services.BuildServiceProvider();
        var catalog = provider.GetRequiredService<IComponentCatalog>();

        foreach (ComponentDescriptor component in catalog.All)
        {
            object created = catalog.Create<object>(component.Kind, component.Name, Activator.CreateInstance(component.OptionsType)!);

            Assert.That(created, Is.InstanceOf(component.ComponentType), component.Name);
            (created as IDisposable)?.Dispose();
        }
    }
}
