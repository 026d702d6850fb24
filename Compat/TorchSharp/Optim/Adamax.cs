using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adamax: Adam with the largest gradient in place of the second moment.</summary>
/// <remarks>Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", §7.1, https://arxiv.org/abs/1412.6980.</remarks>
public partial class Adamax : OptimizerHelper, torch.optim.IBetas
{
    /// <summary>Makes the optimiser of one group.</summary>
    public Adamax(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
        : this([new ParamGroup(parameters, new Options())], lr, beta1, beta2, eps, weight_decay)
    {
    }

    /// <summary>Makes the optimiser of several groups; what a group leaves open comes from the arguments here.</summary>
    public Adamax(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
        };
        foreach (ParamGroup group in parameters)
        {
            add_param_group(group);
        }
    }

    /// <summary>Gets or sets β₁ and β₂: reads the defaults, sets every group.</summary>
    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1 ?? 0, ((Options)_defaults).beta2 ?? 0);
        set
        {
            foreach (ParamGroup group in _parameter_groups.Cast<ParamGroup>())
            {
                group.Betas = value;
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
        own.beta1 ??= defaults.beta1;
        own.beta2 ??= defaults.beta2;
        own.eps ??= defaults.eps;
        own.weight_decay ??= defaults.weight_decay;
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

    // m = β₁m + (1−β₁)g, u = max(β₂u, |g| + ε), θ −= lr/(1−β₁ᵗ)·m/u
    private void StepGroup(ParamGroup group)
    {
        Options options = group.Options;
        double lr = options.LearningRate ?? 0, beta1 = options.beta1 ?? 0, beta2 = options.beta2 ?? 0;
        double eps = options.eps ?? 0, weightDecay = options.weight_decay ?? 0;
        ForEachGradient<State>(group, (parameter, gradient, state) =>
        {
            state.step++;
            if (weightDecay != 0)
            {
                gradient = gradient.add(parameter, weightDecay);
            }
            state.exp_avg!.mul_(beta1).add_(gradient, 1 - beta1);
            state.exp_inf!.copy_(state.exp_inf.mul_(beta2).maximum(gradient.abs().add_(eps)));
            parameter.addcdiv_(state.exp_avg, state.exp_inf, -lr / (1 - Math.Pow(beta1, state.step)));
        });
    }
}
