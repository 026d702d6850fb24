using DeltaTune.Backbones;
using DeltaTune.Files;
using DeltaTune.Host.Reports;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Runs;

/// <summary>Runs variants of a run over seeds, on one backbone that is brought back bit for bit between them.</summary>
/// <param name="composer">Makes the parts.</param>
/// <param name="runner">Carries a run out.</param>
internal sealed class Comparison(RunComposer composer, Runner runner)
{
    /// <summary>Runs every cell that is not there yet.</summary>
    /// <param name="cells">Checked already. All have the same backbone, or each loads its own.</param>
    /// <param name="path">The comparison's folder; a cell is a run's folder in it.</param>
    /// <param name="device">What to compute on.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <param name="references">The variant that each is tested against, when all are there; a variant without one is not tested.</param>
    /// <returns>The rows, in the order of the variants.</returns>
    /// <exception cref="InvalidRunException">A cell is wrong, or its training diverged.</exception>
    public IReadOnlyList<ComparisonRow> Run(
        IReadOnlyList<ComparisonCell> cells, string path, Device device, IRunObserver observer, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? references = null)
    {
        Backbone? backbone = null;
        string? loaded = null;
        List<(ComparisonCell Cell, RunMetrics Metrics)> done = [];
        try
        {
            foreach (ComparisonCell cell in cells)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RunFolder folder = RunFolder.Create(Path.Combine(path, cell.Folder), cell.Spec.Resolved, resume: true, force: false);
                if (!folder.IsComplete)
                {
                    string wanted = cell.Spec.Backbone!.Source.ToString(Formatting.None);
                    using PreparedRun run = composer.Prepare(cell.Spec);
                    if (backbone is null || loaded != wanted)
                    {
                        backbone?.Dispose();
                        backbone = RunComposer.Load(run, device);
                        loaded = wanted;
                    }

                    observer.Say($"{cell.Variant}, seed {cell.Spec.Seed}");
                    RunCell(run, backbone, folder, device, observer, cancellationToken);
                }

                done.Add((cell, folder.ReadMetrics()));
                Write(path, Rows(done));
            }
        }
        finally
        {
            backbone?.Dispose();
        }

        var folders = cells.GroupBy(c => c.Variant).ToDictionary(g => g.Key, IReadOnlyList<string> (g) => [.. g.Select(c => Path.Combine(path, c.Folder))]);
        ComparisonRow[] rows = ComparisonTests.Add(Rows(done), references ?? new Dictionary<string, string>(), folders);
        Write(path, rows);
        return rows;
    }

    private void RunCell(PreparedRun run, Backbone backbone, RunFolder folder, Device device, IRunObserver observer, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor Value, Tensor Copy)[] buffers = [.. backbone.named_buffers().Select(b => (b.buffer, b.buffer.clone()))]; // running statistics; parameters come back by detaching
        try
        {
            if (run.Parts.Count == 0 && !Trains(run, backbone, device))
            {
                runner.ScoreOnly(run, backbone, folder, device, cancellationToken);
            }
            else
            {
                runner.Run(run, backbone, folder, device, observer, cancellationToken);
            }
        }
        finally
        {
            using IDisposable off = no_grad();
            foreach ((Tensor value, Tensor copy) in buffers)
            {
                value.copy_(copy);
            }
        }
    }

    private bool Trains(PreparedRun run, Backbone backbone, Device device)
    {
        using PreparedRun probe = composer.Prepare(run.Spec, readExamples: false); // parts are bound once, so that the question needs its own
        return RunComposer.Bind(probe, backbone, device).Trained().Count > 0;
    }

    private static ComparisonRow[] Rows(IEnumerable<(ComparisonCell Cell, RunMetrics Metrics)> done)
        => [.. done.GroupBy(d => d.Cell.Variant).Select(g => ComparisonRow.Of(g.Key, [.. g.Select(d => d.Metrics)]) with { Names = g.First().Cell.Names, Chart = g.First().Cell.Chart })];

    private static void Write(string path, ComparisonRow[] rows)
    {
        AtomicFile.WriteAllText(Path.Combine(path, "compare.json"), JArray.FromObject(rows).ToString(Formatting.Indented) + "\n");
        AtomicFile.WriteAllText(Path.Combine(path, "compare.html"), ComparisonPage.Write(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), rows));
        if (ComparisonPage.Lines(rows) is { } chart)
        {
            AtomicFile.WriteAllText(Path.Combine(path, "compare.svg"), chart + "\n");
        }
    }
}
