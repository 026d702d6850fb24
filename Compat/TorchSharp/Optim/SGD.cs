using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Gradient descent, with momentum where asked for.</summary>
/// <remarks>Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"; the velocity is not scaled by the learning rate, as in PyTorch.</remarks>
public partial class SGD : OptimizerHelper, torch.optim.IMomentum
{
    /// <summary>Makes the optimiser of one group.</summary>
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup(parameters, new Options())], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <summary>Makes the optimiser of several groups; what a group leaves open comes from the arguments here.</summary>
    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        foreach (ParamGroup group in parameters)
        {
            add_param_group(group);
        }
    }

    /// <summary>Gets or sets the momentum: reads the defaults, sets every group.</summary>
    public double Momentum
    {
        get => ((Options)_defaults).momentum ?? 0;
        set
        {
            foreach (ParamGroup group in _parameter_groups.Cast<ParamGroup>())
            {
                group.Momentum = value;
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(StepGroup, closure);

    /// <inheritdoc/>
    public override void add_param_group(Modules.ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        var defaults = (Options)_defaults;
        param_group.Options ??= new Options();
        var own = (Options)param_group.Options;
        own.LearningRate ??= defaults.LearningRate;
        own.momentum ??= defaults.momentum;
        own.dampening ??= defaults.dampening;
        own.weight_decay ??= defaults.weight_decay;
        own.nesterov ??= defaults.nesterov;
        own.maximize ??= defaults.maximize;
        base.add_param_group(param_group);
        foreach (Parameter parameter in param_group.Parameters)
        {
            var state = new State(parameter);
            state.Initialize(own);
            if (!_state.ContainsKey(parameter.Handle))
            {
                _state.Add(parameter.Handle, state);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeState();
        }
        base.Dispose(disposing);
    }

    // b = μb + (1−dampening)g, beginning as g; θ −= lr·b, or lr·(g + μb) for Nesterov
    private void StepGroup(ParamGroup group)
    {
        Options options = group.Options;
        double lr = options.LearningRate ?? 0, momentum = options.momentum ?? 0, weightDecay = options.weight_decay ?? 0;
        ForEachGradient<State>(group, (parameter, gradient, state) =>
        {
            if (options.maximize == true)
            {
                gradient = gradient.neg();
            }
            if (weightDecay != 0)
            {
                gradient = gradient.add(parameter, weightDecay);
            }
            if (momentum != 0)
            {
                if (state.momentum_buffer is null)
                {
                    state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                }
                else
                {
                    state.momentum_buffer.mul_(momentum).add_(gradient, 1 - (options.dampening ?? 0));
                }
                gradient = options.nesterov == true ? gradient.add(state.momentum_buffer, momentum) : state.momentum_buffer;
            }
            parameter.add_(gradient, -lr);
        });
    }
}
