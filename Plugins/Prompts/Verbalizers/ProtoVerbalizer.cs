using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Each class has a prototype among the mapped states of the training examples; a class is as likely as its prototype is near, with or without label words beside.</summary>
/// <remarks>
/// Source: Cui et al. 2022, "Prototypical Verbalizer for Prompt-based Few-shot Tuning", https://arxiv.org/abs/2203.09770, and OpenPrompt's ProtoVerbalizer. Score: cos(W·h, p), with W
/// and p learned by <see cref="PrototypeLoss"/> before training; an ensemble averages it with the mean logits of the label words, each standardised over the classes. Until it has
/// learned, the label words score alone. W and p go on learning with the rest of a run, by cross-entropy on the scores.
/// </remarks>
internal sealed class ProtoVerbalizer : StateVerbalizer, IFittedVerbalizer
{
    private readonly ProtoVerbalizerOptions _options;
    private BoundWords? _words;
    private Linear? _map;           // W, [size, features]
    private Parameter? _prototypes; // p, [classes, size]

    /// <summary>Creates the verbalizer; map and prototypes are made when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public ProtoVerbalizer(ProtoVerbalizerOptions options)
        : base("proto")
        => _options = options;

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor near = nn.functional.linear(
            nn.functional.normalize(_map!.call(States.Read(hidden)), dim: 1), nn.functional.normalize(_prototypes!, dim: 1)); // [rows, classes]
        if (_words is null) { return near.MoveToOuterDisposeScope(); }
        Tensor words = _words.Score(hidden);                                                                                 // [rows, classes]
        Tensor both = (Standardised(words) + Standardised(near)) / 2;
        return where(get_buffer("fitted")!.eq(1), both, words).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Fit(IEnumerable<LabelledHidden> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        using DisposeScope scope = NewDisposeScope();
        Tensor all, label;                                                                                                   // [examples, features], [examples]
        using (no_grad())
        {
            (all, label) = LabelledStates.Gather(examples, States.Read);
        }

        using IDisposable on = enable_grad();
        using var optimizer = optim.Adam([_map!.weight!, _prototypes!], _options.LearningRate);
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            using DisposeScope step = NewDisposeScope();
            optimizer.zero_grad();
            PrototypeLoss.Of(_map.call(all), label, _prototypes!).backward();
            optimizer.step();
        }

        optimizer.zero_grad();
        using IDisposable off = no_grad();
        get_buffer("fitted")!.fill_(1);
    }

    /// <inheritdoc/>
    protected override StateReader Make(Backbone backbone, Template template, ITask task, Device device)
    {
        if (_options.Scores == ProtoScores.Ensemble)
        {
            _words = BoundWords.Bind(
                new WordRules("proto", _options.LabelWords, _options.Prefix) { MultiToken = _options.MultiToken, PostLogSoftmax = false }, backbone, template, task.Classes);
            register_module("words", _words);
        }

        // A pass for the mask's state leaves what its words are scored by.
        StateReader states = StateReader.Create(backbone, template, _words is null ? _options.Input : LinearInput.Mask);
        _map = nn.Linear(states.Features, _options.Size, hasBias: false, device: device);
        _prototypes = new Parameter(nn.init.xavier_normal_(empty([task.Classes.Count, _options.Size], device: device)));
        register_module("map", _map);
        register_parameter("prototypes", _prototypes);
        register_buffer("fitted", zeros(1, device: device)); // 1 once prototypes are learned; kept with them
        return states;
    }

    // Mean 0 and sample standard deviation 1 over the classes; a row of equal scores says nothing and is 0.
    private static Tensor Standardised(Tensor scores)
        => (scores - scores.mean([1L], keepdim: true)) / scores.std(1, keepdim: true).clamp_min(1e-12);
}
