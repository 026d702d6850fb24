using DeltaTune.Backbones;
using DeltaTune.Deltas.Compositions;
using DeltaTune.Host.Exchange;
using DeltaTune.Host.Options;
using DeltaTune.Host.Training;
using DeltaTune.Prompts;
using DeltaTune.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Runs;

/// <summary>Makes the parts of a run from its file and puts them together, the cheap checks first.</summary>
/// <param name="catalog">Makes components.</param>
/// <param name="files">Reads deltas that were trained before; null where no run has any.</param>
internal sealed class RunComposer(IComponentCatalog catalog, DeltaFiles? files = null)
{
    /// <summary>Makes every part and checks what can be checked without weights: configuration, tokenizer, classes, examples.</summary>
    /// <param name="spec">With task, backbone, template and verbalizer.</param>
    /// <param name="readExamples">Whether the splits to train with are read; a finished run predicts without them.</param>
    /// <returns>The parts, the caller's to dispose.</returns>
    /// <exception cref="InvalidRunException">All mistakes found, together.</exception>
    public PreparedRun Prepare(RunSpec spec, bool readExamples = true)
    {
        var problems = new ProblemList();
        BackboneLoader? loader = null;
        BackboneDescription? description = null;
        ITask? task = null;
        TestSplit? test = null;
        Template? template = null;
        Verbalizer? verbalizer = null;
        List<RunDelta> deltas = [];
        IReadOnlyList<Example> train = [], dev = [];

        problems.Try(spec.Backbone!, () =>
        {
            loader = Create<BackboneLoader>(spec.Backbone!);
            description = loader.Describe();
        });
        problems.Try(spec.Task!, () =>
        {
            ITask whole = Create<ITask>(spec.Task!);
            (task, test) = (new TaskWithoutTest(whole), new TestSplit(whole));
            _ = task.Classes;
            if (readExamples)
            {
                train = task.Read(Split.Train);
                dev = task.Read(Split.Dev);
            }
        });
        manual_seed(spec.Seed).Dispose();
        problems.Try(spec.Template!, () => template = Create<Template>(spec.Template!));
        problems.Try(spec.Verbalizer!, () => verbalizer = Create<Verbalizer>(spec.Verbalizer!));
        foreach (ComponentSpec delta in spec.Deltas)
        {
            problems.Try(delta, () => deltas.Add(RunDelta.Create(delta, catalog, files ?? new DeltaFiles([]), open: readExamples)));
        }

        if (spec.Composition is not null && task is not null)
        {
            problems.Add(RowNames.Check(spec.Composition, task.FieldNames));
        }

        if (!problems.IsEmpty)
        {
            deltas.ForEach(d => d.Dispose());
            template?.Dispose();
            verbalizer?.Dispose();
        }

        problems.ThrowIfAny();
        return new PreparedRun(spec, loader!, description!, task!, template!, verbalizer!, deltas, train, dev, test!);
    }

    /// <summary>Reads the backbone's weights.</summary>
    /// <param name="run">Whose backbone.</param>
    /// <param name="device">Where it goes.</param>
    /// <returns>The backbone, the caller's to dispose.</returns>
    /// <exception cref="InvalidRunException">The checkpoint is missing or broken.</exception>
    public static Backbone Load(PreparedRun run, Device device)
    {
        var problems = new ProblemList();
        Backbone? backbone = null;
        problems.Try(run.Spec.Backbone!, () => backbone = run.Loader.Load());
        problems.ThrowIfAny();
        return device.type == DeviceType.CPU ? backbone! : backbone!.to(device);
    }

    /// <summary>Binds template and verbalizer, and attaches the deltas, from the run's seed.</summary>
    /// <param name="run">Prepared, used once.</param>
    /// <param name="backbone">Without deltas.</param>
    /// <param name="device">Where the backbone is.</param>
    /// <param name="attach">Whether the run's deltas are attached; false where saved ones take their places.</param>
    /// <returns>What is trained and scored with.</returns>
    /// <exception cref="InvalidRunException">All that does not fit, together.</exception>
    public static TuningModel Bind(PreparedRun run, Backbone backbone, Device device, bool attach = true)
    {
        RunSpec spec = run.Spec;
        manual_seed(spec.Seed).Dispose(); // whatever is drawn at random below comes from the run's seed
        var problems = new ProblemList();
        bool bound = problems.Try(spec.Template!, () => run.Template.Bind(backbone, run.Task))
            && problems.Try(() => NodeTasks.Check(run))
            && problems.Try(spec.Verbalizer!, () => run.Verbalizer.Bind(backbone, run.Template, run.Task));
        if (bound)
        {
            NumberScale.Give(run.Verbalizer, run.Task, run.Train, device);
            problems.Try(spec.Template!, () => run.Template.Attach(backbone));
        }

        foreach (RunDelta part in attach ? run.Parts : [])
        {
            problems.Try(part.Spec, () =>
            {
                if (part.Delta is { } made)
                {
                    DataStart.Give(made, run, backbone, device);
                }

                part.Place(backbone, alone: spec.Composition is null);
            });
        }

        if (attach && spec.Composition is not null && problems.IsEmpty)
        {
            problems.Try(() =>
            {
                run.Composite = new CompositeDelta(spec.Composition, run.Deltas);
                run.Composite.Attach(backbone);
            });
        }

        problems.ThrowIfAny();
        return new TuningModel(backbone, run.Template, run.Verbalizer, attach ? run.Deltas : [], run.Task, spec.Input, device, attach ? run.Composite : null) { Generation = spec.Evaluation.Generation };
    }

    /// <summary>Does what comes between binding and training: the verbalizer learns from the training examples, and the prompt's own bias is measured.</summary>
    /// <param name="model">Bound and attached.</param>
    /// <param name="spec">Its run.</param>
    /// <param name="train">The training examples.</param>
    /// <exception cref="InvalidRunException">The examples do not suffice.</exception>
    public static void Fit(TuningModel model, RunSpec spec, IReadOnlyList<Example> train)
    {
        Fitting.Apply(model, train, spec.Training.EvalBatchSize);
        Calibration.Apply(model, spec.Calibration, train, spec.Seed, spec.Training.EvalBatchSize);
    }

    private T Create<T>(ComponentSpec spec)
        where T : class
        => catalog.Create<T>(spec.Kind, spec.Type, spec.Options);
}
