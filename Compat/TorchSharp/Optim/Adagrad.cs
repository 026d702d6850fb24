using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adagrad: steps divided by the root of the sum of all squared gradients.</summary>
/// <remarks>Source: Duchi et al. 2011, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization".</remarks>
public partial class Adagrad : OptimizerHelper
{
    /// <summary>Makes the optimiser of one group.</summary>
    public Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
        : this([new ParamGroup(parameters, new Options())], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    /// <summary>Makes the optimiser of several groups; what a group leaves open comes from the arguments here.</summary>
    public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            lr_decay = lr_decay,
            weight_decay = weight_decay,
            initial_accumulator_value = initial_accumulator_value,
            eps = eps,
        };
        foreach (ParamGroup group in parameters)
        {
            add_param_group(group);
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
        own.lr_decay ??= defaults.lr_decay;
        own.weight_decay ??= defaults.weight_decay;
        own.initial_accumulator_value ??= defaults.initial_accumulator_value;
        own.eps ??= defaults.eps;
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

    // s += g², θ −= lr/(1 + (t−1)·decay)·g/(√s + ε)
    private void StepGroup(ParamGroup group)
    {
        Options options = group.Options;
        double lr = options.LearningRate ?? 0, lrDecay = options.lr_decay ?? 0;
        double eps = options.eps ?? 0, weightDecay = options.weight_decay ?? 0;
        ForEachGradient<State>(group, (parameter, gradient, state) =>
        {
            state.step++;
            if (weightDecay != 0)
            {
                gradient = gradient.add(parameter, weightDecay);
            }
            Tensor root = state.sum!.addcmul_(gradient, gradient, 1).sqrt().add_(eps);
            parameter.addcdiv_(gradient, root, -lr / (1 + ((state.step - 1) * lrDecay)));
        });
    }
}
