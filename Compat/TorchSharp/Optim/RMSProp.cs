using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>RMSProp: steps divided by the root of a running mean of squared gradients.</summary>
/// <remarks>Source: Tieleman and Hinton 2012, lecture 6.5; centred as in Graves 2013, https://arxiv.org/abs/1308.0850. ε is added outside the root, as in PyTorch.</remarks>
public partial class RMSProp : OptimizerHelper, torch.optim.IMomentum
{
    /// <summary>Makes the optimiser of one group.</summary>
    public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup(parameters, new Options())], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    /// <summary>Makes the optimiser of several groups; what a group leaves open comes from the arguments here.</summary>
    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            alpha = alpha,
            eps = eps,
            weight_decay = weight_decay,
            momentum = momentum,
            centered = centered,
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
        own.alpha ??= defaults.alpha;
        own.eps ??= defaults.eps;
        own.weight_decay ??= defaults.weight_decay;
        own.momentum ??= defaults.momentum;
        own.centered ??= defaults.centered;
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

    // v = αv + (1−α)g²; θ −= lr·g/(√v + ε), with √(v − ḡ²) where centred
    private void StepGroup(ParamGroup group)
    {
        Options options = group.Options;
        double lr = options.LearningRate ?? 0, alpha = options.alpha ?? 0, eps = options.eps ?? 0;
        double momentum = options.momentum ?? 0, weightDecay = options.weight_decay ?? 0;
        ForEachGradient<State>(group, (parameter, gradient, state) =>
        {
            state.step++;
            if (options.maximize == true)
            {
                gradient = gradient.neg();
            }
            if (weightDecay != 0)
            {
                gradient = gradient.add(parameter, weightDecay);
            }
            Tensor second = state.square_avg!.mul_(alpha).addcmul_(gradient, gradient, 1 - alpha);
            if (state.grad_avg is not null)
            {
                Tensor mean = state.grad_avg.mul_(alpha).add_(gradient, 1 - alpha);
                second = second.addcmul(mean, mean, -1);
            }
            Tensor root = second.sqrt().add_(eps);
            if (momentum > 0)
            {
                state.momentum_buffer ??= Zeros(parameter);
                parameter.add_(state.momentum_buffer.mul_(momentum).addcdiv_(gradient, root), -lr);
            }
            else
            {
                parameter.addcdiv_(gradient, root, -lr);
            }
        });
    }

    // A schedule can switch momentum on after the start.
    private static Tensor Zeros(Parameter parameter) => zeros_like(parameter).DetachFromDisposeScope();
}
