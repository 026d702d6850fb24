using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>AdamW: Adam whose weight decay shrinks the parameter itself, apart from the gradient.</summary>
/// <remarks>Source: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", https://arxiv.org/abs/1711.05101.</remarks>
public partial class AdamW : OptimizerHelper, torch.optim.IBetas
{
    /// <summary>Makes the optimiser of one group.</summary>
    public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup(parameters, new Options())], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <summary>Makes the optimiser of several groups; what a group leaves open comes from the arguments here.</summary>
    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
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
            amsgrad = amsgrad,
            maximize = maximize,
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
        own.amsgrad ??= defaults.amsgrad;
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

    // m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g²; with s = √(1−β₂ᵗ) the step lr·(m/(1−β₁ᵗ))/(√v/s + ε)
    // is taken as (lr·s/(1−β₁ᵗ))·m/(√v + ε·s), which saves one pass over the parameter.
    private void StepGroup(ParamGroup group)
    {
        Options options = group.Options;
        double lr = options.LearningRate ?? 0, beta1 = options.beta1 ?? 0, beta2 = options.beta2 ?? 0;
        double eps = options.eps ?? 0, weightDecay = options.weight_decay ?? 0;
        ForEachGradient<State>(group, (parameter, gradient, state) =>
        {
            state.step++;
            if (options.maximize == true)
            {
                gradient = gradient.neg();
            }
            if (weightDecay != 0)
            {
                parameter.mul_(1 - lr * weightDecay);
            }
            state.exp_avg!.mul_(beta1).add_(gradient, 1 - beta1);
            state.exp_avg_sq!.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            Tensor second = state.exp_avg_sq;
            if (state.max_exp_avg_sq is not null)
            {
                second = state.max_exp_avg_sq.copy_(state.max_exp_avg_sq.maximum(second));
            }
            double scale = Math.Sqrt(1 - Math.Pow(beta2, state.step));
            double rate = lr * scale / (1 - Math.Pow(beta1, state.step));
            parameter.addcdiv_(state.exp_avg, second.sqrt().add_(eps * scale), -rate);
        });
    }
}
