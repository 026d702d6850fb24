using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Host.Options;
using DeltaTune.Host.Training;
using DeltaTune.Prompts;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Host.Runs.Prompts;

/// <summary>A run of text, composed to look at how it reads and answers single examples; trained where its folder is given.</summary>
internal sealed class PromptRun : IDisposable
{
    private readonly PreparedRun _run;
    private readonly Backbone _backbone;
    private readonly TuningModel _model;
    private readonly TextInputEncoder _encoder;

    private PromptRun(PreparedRun run, Backbone backbone, TuningModel model) => (_run, _backbone, _model, _encoder) = (run, backbone, model, (TextInputEncoder)backbone.InputEncoder);

    /// <summary>Gets the fields of an example.</summary>
    public IReadOnlyList<string> Fields => _run.Task.FieldNames;

    /// <summary>Composes the run.</summary>
    /// <param name="composer">Makes the parts.</param>
    /// <param name="saved">Reads what was trained.</param>
    /// <param name="spec">The run.</param>
    /// <param name="folder">The finished run whose trained parts are taken; null for parts as they start.</param>
    /// <param name="device">What to compute on.</param>
    /// <param name="force">Whether deltas of another backbone are taken too.</param>
    /// <returns>The run, the caller's to dispose.</returns>
    /// <exception cref="InvalidRunException">It does not fit together, or its backbone reads graphs.</exception>
    public static PromptRun Load(RunComposer composer, SavedRun saved, RunSpec spec, RunFolder? folder, Device device, bool force)
    {
        PreparedRun run = composer.Prepare(spec, readExamples: false);
        Backbone? backbone = null;
        try
        {
            RequireText(run);
            backbone = RunComposer.Load(run, device);
            TuningModel model = RunComposer.Bind(run, backbone, device, attach: folder is null);
            if (folder is not null)
            {
                model = saved.Read(model, spec, folder, force);
            }
            else if (model.Verbalizer is IFittedVerbalizer || spec.Calibration.Type != CalibrationKind.None)
            {
                // As before a training; its examples are all that is read.
                RunComposer.Fit(model, spec, run.Task.Read(Split.Train));
            }

            return new PromptRun(run, backbone, model);
        }
        catch
        {
            run.Dispose();
            backbone?.Dispose();
            throw;
        }
    }

    /// <summary>Says that a run of graphs has no prompt of text.</summary>
    /// <param name="run">Prepared.</param>
    /// <exception cref="InvalidRunException">The backbone reads graphs.</exception>
    public static void RequireText(PreparedRun run)
    {
        if (run.Description.Kind == BackboneKind.Graph)
        {
            throw new InvalidRunException("backbone", $"must read text, which this command is for, but '{run.Description.Family}' reads graphs; 'deltatune show' shows what there is of it");
        }
    }

    /// <summary>Takes an example through.</summary>
    /// <param name="example">With every field of the task.</param>
    /// <param name="top">How many words are told at each mask.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <returns>What was read and answered.</returns>
    /// <exception cref="InvalidRunException">The example lacks what the template asks for, or does not fit into a row.</exception>
    public PromptTrial Try(Example example, int top, CancellationToken cancellationToken)
    {
        _model.Train(training: false, backboneDropout: false);
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<PromptPiece> pieces = _model.Template.Wrap(example);
        var row = (EncodedText)_encoder.Encode(pieces, _model.Input);
        var rows = new PromptRows(_encoder.Tokenizer, _model.Input);
        cancellationToken.ThrowIfCancellationRequested();
        (IReadOnlyList<TrialMask> masks, int added) = Words(row, top);
        cancellationToken.ThrowIfCancellationRequested();
        return new PromptTrial(example, rows.Pieces(pieces, row), rows.Input(row), rows.Target(row), row.Cut, _model.Input.MaxLength, added, masks, Classes(row));
    }

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        _model.Composite?.Dispose();
        foreach (Deltas.Delta delta in _model.Deltas)
        {
            delta.Dispose();
        }

        _run.Dispose();
        _backbone.Dispose();
    }

    // The most likely words at each mask, and how many positions the template put before the row.
    private (IReadOnlyList<TrialMask> Masks, int Added) Words(EncodedText row, int top)
    {
        bool predicts = row.MaskPositions.Length > 0 && _backbone.ReadOuts.Contains(ReadOutKind.MaskLogits);
        Hidden hidden = _model.Forward([row], predicts ? ReadOutKind.MaskLogits : ReadOutKind.States);
        using ModelBatch batch = hidden.Batch;
        int added = (int)((TextBatch)batch).Length - row.Length;
        if (!predicts)
        {
            return ([], added);
        }

        Tensor logits = _backbone.Read(hidden, new ReadOut(ReadOutKind.MaskLogits)).to(ScalarType.Float32);     // [lanes · masks, vocab]
        Tensor likely = logits.softmax(1).reshape(-1, row.MaskPositions.Length, logits.size(1)).mean([0L]);    // [masks, vocab]
        (Tensor values, Tensor ids) = likely.topk((int)Math.Min(top, likely.size(1)), 1);                      // [masks, top]
        float[] probabilities = Values<float>(values);
        long[] words = Values<long>(ids);
        int count = words.Length / row.MaskPositions.Length;
        return ([.. row.MaskPositions.Select((column, m) => new TrialMask(column,
            [.. Enumerable.Range(m * count, count).Select(i => new TrialWord((int)words[i], PromptRows.Spell(_encoder.Tokenizer, (int)words[i]), probabilities[i]))]))], added);
    }

    private TrialClass[] Classes(EncodedText row)
    {
        if (_model.LearnsTexts)
        {
            return [];
        }

        Hidden hidden = _model.Forward([row]);
        using ModelBatch batch = hidden.Batch;
        Tensor scores = _model.Score(hidden).to(ScalarType.Float32);                                            // [1, classes]
        float[] each = Values<float>(scores), probabilities = Values<float>(scores.softmax(1));
        return [.. _run.Task.Classes.Select((info, c) => new TrialClass(info.Name, each[c], probabilities[c]))];
    }

    private static T[] Values<T>(Tensor tensor)
        where T : unmanaged
    {
        using TensorAccessor<T> values = tensor.cpu().contiguous().data<T>(); // holds memory of its own
        return values.ToArray();
    }
}
