using DeltaTune.Host.Plugins;

namespace DeltaTune.Host.Tests.Plugins;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PluginHostTests : IDisposable
{
    private const string ThisAssembly = "DeltaTune.Host.Tests";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_OnePlugin_HasItsComponents()
    {
        EmittedPlugin.Write(_folder.Path, "Good", nameof(PluginScript.RegisterDelta), "lora");

        PluginSet set = Load();

        Assert.Multiple(() =>
        {
            Assert.That(set.Faults, Is.Empty);
            Assert.That(set.Plugins.Single().Name, Is.EqualTo("Good"));
            Assert.That(set.Plugins.Single().Version, Is.EqualTo("1.2.3"));
            Assert.That(set.Components.Single().Name, Is.EqualTo("lora"));
            Assert.That(set.Catalog.All.Single().ComponentType, Is.EqualTo(typeof(PluginScript.UnusedDelta)));
        });
    }

    [Test]
    public void Load_PluginsWithFaults_ReportsEachAndKeepsTheGoodOnes()
    {
        EmittedPlugin.Write(_folder.Path, "A.Good", nameof(PluginScript.RegisterDelta), "lora");
        EmittedPlugin.Write(_folder.Path, "B.ThrowsInConstructor", nameof(PluginScript.Throw), "no luck", inConstructor: true);
        EmittedPlugin.Write(_folder.Path, "C.ThrowsInRegister", nameof(PluginScript.Throw), "no luck");
        EmittedPlugin.Write(_folder.Path, "D.Hangs", nameof(PluginScript.Hang), "");
        EmittedPlugin.PatchReferenceVersion(
            EmittedPlugin.Write(_folder.Path, "E.OtherContracts", nameof(PluginScript.RegisterDelta), "e"), "DeltaTune.Abstractions", new Version(9, 7, 0, 0));
        EmittedPlugin.PatchName(EmittedPlugin.Write(_folder.Path, "F.MissesDependency", nameof(PluginScript.RegisterDelta), "f"), ThisAssembly, "DeltaTune.Host.Tosts");
        EmittedPlugin.Write(_folder.Path, "G.SameName", nameof(PluginScript.RegisterDelta), "lora");
        string garbage = _folder.Write("H.Garbage/H.Garbage.dll", "this is text");
        EmittedPlugin.Write(_folder.Path, "I.NoEntryType", nameof(PluginScript.RegisterDelta), "i", entryTypes: 0);
        EmittedPlugin.Write(_folder.Path, "J.TwoEntryTypes", nameof(PluginScript.RegisterDelta), "j", entryTypes: 2);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "K.Empty"));
        EmittedPlugin.Write(_folder.Path, "L.AlsoGood", nameof(PluginScript.RegisterDelta), "adapter");

        PluginSet set = Load(TimeSpan.FromMilliseconds(300));

        string ours = typeof(IPlugin).Assembly.GetName().Version!.ToString(2);
        string version = typeof(PluginHostTests).Assembly.GetName().Version!.ToString();
        string[] expected =
        [
            "plugin 'B.ThrowsInConstructor' threw InvalidOperationException in its constructor: no luck",
            "plugin 'C.ThrowsInRegister' threw InvalidOperationException in Register: no luck",
            "plugin 'D.Hangs' did not return from Register within 0.3 s; registering should only say what there is",
            $"plugin 'E.OtherContracts' was built against DeltaTune.Abstractions 9.7, but this host has {ours}; build it against DeltaTune.Abstractions {ours}",
            $"plugin 'F.MissesDependency' needs the assembly 'DeltaTune.Host.Tosts' {version}, which is neither in its folder nor in the host; publish the plugin with its dependencies",
            "plugin 'G.SameName' has a delta 'lora', but plugin 'A.Good' has one of that name already; rename one, or remove one of the two plugins",
            $"plugin 'H.Garbage' is not a .NET assembly ('{garbage}'); a plugin is a library built against DeltaTune.Abstractions",
            "plugin 'I.NoEntryType' has no class that implements DeltaTune.IPlugin; it needs exactly one",
            "plugin 'J.TwoEntryTypes' has 2 classes that implement DeltaTune.IPlugin (J.TwoEntryTypes.Entry1, J.TwoEntryTypes.Entry2); it needs exactly one",
            $"plugin 'K.Empty' has no main assembly: '{Path.Combine(_folder.Path, "K.Empty", "K.Empty.dll")}' is not there, and the folder holds no other assembly; name the folder as its assembly",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(set.Faults.Select(f => f.Message), Is.EqualTo(expected));
            Assert.That(set.Components.Select(c => c.Name), Is.EqualTo(new[] { "adapter", "lora" }));
        });
    }

    [Test]
    public void Load_FolderOfOnePlugin_IsTakenAsThePlugin()
    {
        EmittedPlugin.Write(_folder.Path, "Alone", nameof(PluginScript.RegisterDelta), "lora");
        var host = new PluginHost();

        host.Load([Path.Combine(_folder.Path, "Alone"), _folder.Path]);

        Assert.That(host.Build().Plugins.Select(p => p.Name), Is.EqualTo(new[] { "Alone" }));
    }

    [Test]
    public void Add_PluginInCode_StandsBesideThoseFound()
    {
        EmittedPlugin.Write(_folder.Path, "Found", nameof(PluginScript.RegisterDelta), "lora");
        var host = new PluginHost();
        host.Add("Referenced", builder => PluginScript.RegisterDelta(builder, "adapter"));
        host.Load([_folder.Path]);

        PluginSet set = host.Build();

        Assert.That(set.Plugins.Select(p => p.Name), Is.EqualTo(new[] { "Referenced", "Found" }));
        Assert.That(set.Components, Has.Count.EqualTo(2));
    }

    private PluginSet Load(TimeSpan? limit = null)
    {
        var host = new PluginHost { RegistrationLimit = limit ?? TimeSpan.FromSeconds(5) };
        host.Load([_folder.Path]);
        return host.Build();
    }
}
