using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Each class is a sphere with a centre and a radius, both trained; a class is as likely as its sphere's surface is near, and likelier within.</summary>
/// <remarks>
/// Source: Ding et al. 2022, "Few-shot Classification with Hypersphere Modeling of Prototypes", §3, https://arxiv.org/abs/2211.05319. Score: −(‖h − z‖ − |ε|). Before training, z is the
/// mean of the class's training examples and ε their mean distance to it. Works on text and on graphs.
/// </remarks>
internal sealed class HypersphereVerbalizer : StateVerbalizer, IFittedVerbalizer
{
    private readonly HypersphereVerbalizerOptions _options;
    private Parameter? _centres; // z, [classes, features]
    private Parameter? _radii;   // ε, [classes]; null where classes are points

    /// <summary>Creates the verbalizer; the spheres are made when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public HypersphereVerbalizer(HypersphereVerbalizerOptions options)
        : base("hypersphere")
        => _options = options;

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor far = Distances(States.Read(hidden), _centres!);                                        // [rows, classes]
        return (_radii is null ? -far : _radii.abs() - far).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Fit(IEnumerable<LabelledHidden> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        (Tensor all, Tensor labels) = LabelledStates.Gather(examples, States.Read);                    // [examples, features], [examples]
        long classes = _centres!.size(0);
        _centres.copy_(LabelledStates.ClassMeans(all, labels, classes));
        if (_radii is not null)
        {
            Tensor member = LabelledStates.Members(labels, classes);                                   // [examples, classes]
            _radii.copy_((Distances(all, _centres) * member).sum(0L) / member.sum(0L));
        }
    }

    /// <inheritdoc/>
    protected override StateReader Make(Backbone backbone, Template template, ITask task, Device device)
    {
        StateReader states = StateReader.Create(backbone, template, _options.Input);
        _centres = new Parameter(zeros([task.Classes.Count, states.Features], device: device));
        register_parameter("centres", _centres);
        if (_options.Radius)
        {
            _radii = new Parameter(zeros(task.Classes.Count, device: device));
            register_parameter("radii", _radii);
        }

        return states;
    }

    // ‖h − z‖, [rows, classes]
    private static Tensor Distances(Tensor states, Tensor centres)
        => (states.unsqueeze(1) - centres.unsqueeze(0)).square().sum(2L).clamp_min(1e-12).sqrt(); // no slope at 0, where the root has an infinite one
}
