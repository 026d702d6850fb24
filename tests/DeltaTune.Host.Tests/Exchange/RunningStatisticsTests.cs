using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Conformance;
using DeltaTune.Deltas;
using DeltaTune.Host.Exchange;
using DeltaTune.Host.Tests.Conformance;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Exchange;

/// <summary>The running statistics of batch norms, which a delta that trains the norms has in its file.</summary>
internal sealed class RunningStatisticsTests
{
    [Test]
    public void Attach_StoredDeltaWhoseStatisticsMoved_HasThemBitForBit()
    {
        using DisposeScope scope = NewDisposeScope();
        using ServiceProvider services = Services();
        IComponentCatalog catalog = services.GetRequiredService<IComponentCatalog>();
        var files = new DeltaFiles([.. services.GetServices<DeltaFormat>()]);
        using Backbone backbone = TestNetworks.Load(catalog, "gin"), other = TestNetworks.Load(catalog, "gin");
        using ModelBatch batch = TestNetworks.Batch(backbone);
        using Delta full = catalog.Create<Delta>(ComponentKind.Delta, "full", Activator.CreateInstance(catalog.All.Single(c => c.Kind == ComponentKind.Delta && c.Name == "full").OptionsType)!);
        full.Attach(backbone);
        backbone.train();
        backbone.Run(batch).States.sum().backward(); // batch norms in training mode move their statistics
        backbone.eval();
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            files.Write(full, backbone, folder);
            using StoredDelta stored = files.Open(folder);
            using IDisposable off = no_grad();
            Tensor[] fresh = [.. other.Statistics.Select(s => s.Value.clone())];
            using Delta read = files.Attach(stored, other, force: false);

            Assert.That(fresh, Is.Not.Empty);
            Assert.That(other.Statistics.Zip(fresh, (s, f) => Same.Values(s.Value, f)), Is.All.False);
            Assert.That(other.Statistics.Zip(backbone.Statistics, (s, t) => Same.Values(s.Value, t.Value)), Is.All.True);
            Assert.That(Same.Values(other.Run(batch).States, backbone.Run(batch).States), Is.True);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones().AddAdapters();
        return services.BuildServiceProvider();
    }
}
