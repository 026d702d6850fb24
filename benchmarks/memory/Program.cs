using System.Globalization;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Host.Benchmarks;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Benchmarks.Memory;

/// <summary>Trains LoRA for a thousand steps, as a program of one's own would, and watches the process's memory and tensors.</summary>
/// <remarks>Fails, with code 1, where memory grows after its first tenth or a tensor is left at the end.</remarks>
internal static class Program
{
    private const int Steps = 1000, Every = 100, MostWarmUpSteps = 20_000;
    private const double AllowedGrowthMiB = 4; // what the collector and the allocator move by themselves

    private static int Main()
    {
        set_num_threads(1);
        string folder = Directory.CreateTempSubdirectory("deltatune-memory-").FullName;
        try
        {
            new RandomBert(Layers: 2, Hidden: 64, Heads: 2, Vocabulary: 1000, Positions: 64).Write(folder, dropout: 0.1, seed: 1);
            double growth = Train(folder);
            long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"growth after step {Every}: {growth:0.0} MiB; tensors alive at the end: {live}"));
            return growth <= AllowedGrowthMiB && live == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The resident memory's growth from the first report to the last, in MiB.
    private static double Train(string folder)
    {
        IServiceCollection services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones().AddAdapters();
        using ServiceProvider provider = services.BuildServiceProvider();
        var catalog = provider.GetRequiredService<IComponentCatalog>();
        using Backbone backbone = Create<BackboneLoader>(catalog, ComponentKind.Backbone, "bert", new JObject { ["path"] = folder }).Load();
        using Delta lora = Create<Delta>(catalog, ComponentKind.Delta, "lora", []);
        lora.Attach(backbone);
        lora.Training = true;
        using Head head = backbone.CreateHead(2);
        head.train();
        using TextBatch batch = Batch();
        using Tensor labels = tensor(new long[] { 0, 1, 0, 1, 0, 1, 0, 1 });
        using optim.Optimizer optimizer = optim.AdamW([.. lora.Effects.SelectMany(e => e.parameters()), .. head.parameters()], 1e-3);

        // The managed heap grows to its working size, which the processor's caches decide, before the collector first acts.
        int warmUp = 0;
        for (; warmUp < MostWarmUpSteps && GC.CollectionCount(0) < 2; warmUp++)
        {
            Step(backbone, head, batch, labels, optimizer);
        }

        Console.WriteLine($"{warmUp} steps before the first is counted");
        double first = 0, last = 0;
        Console.WriteLine("step  resident MiB  managed MiB  live tensors");
        for (int step = 1; step <= Steps; step++)
        {
            Step(backbone, head, batch, labels, optimizer);
            if (step % Every == 0)
            {
                last = Environment.WorkingSet / 1048576.0;
                first = step == Every ? last : first;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{step,4}  {last,12:0.0}  {GC.GetTotalMemory(false) / 1048576.0,11:0.0}  {DisposeScopeManager.Statistics.ThreadTotalLiveCount,12}"));
            }
        }

        return last - first;
    }

    private static void Step(Backbone backbone, Head head, TextBatch batch, Tensor labels, optim.Optimizer optimizer)
    {
        using DisposeScope scope = NewDisposeScope();
        optimizer.zero_grad();
        Tensor loss = nn.functional.cross_entropy(head.call(backbone.Run(batch, head.Reads)), labels);
        loss.backward();
        optimizer.step();
    }

    private static TextBatch Batch()
    {
        using DisposeScope scope = NewDisposeScope();
        return new TextBatch
        {
            InputIds = randint(5, 1000, [8, 32], dtype: ScalarType.Int64).DetachFromDisposeScope(),
            AttentionMask = ones([8, 32], dtype: ScalarType.Int64).DetachFromDisposeScope(),
        };
    }

    private static T Create<T>(IComponentCatalog catalog, ComponentKind kind, string name, JObject options)
        where T : class
        => catalog.Create<T>(kind, name, options.ToObject(catalog.Get(kind, name).OptionsType)!);
}
