using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the batch norms have in common: weight, bias and running statistics.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    private Parameter? _weight;         // [features]
    private Parameter? _bias;           // [features]
    private Tensor? _runningMean;       // [features]
    private Tensor? _runningVariance;   // [features]
    private Tensor? _batches;           // a single int64

    /// <summary>Makes the norm.</summary>
    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(name)
    {
        (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
        if (affine)
        {
            weight = new Parameter(ones(num_features, dtype, device));
            bias = new Parameter(zeros(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
        }
    }

    /// <summary>Gets the number of features.</summary>
    public long num_features { get; }

    /// <summary>Gets or sets ε.</summary>
    public double eps { get; set; }

    /// <summary>Gets or sets how much a new batch weighs in the running statistics; null weighs all batches alike.</summary>
    public double? momentum { get; set; }

    /// <summary>Gets whether there are a weight and a bias.</summary>
    public bool affine { get; }

    /// <summary>Gets whether there are running statistics.</summary>
    public bool track_running_stats { get; }

    /// <summary>Gets or sets the weight, <c>[features]</c>.</summary>
    public Parameter weight
    {
        get => _weight!;
        set => Swap(ref _weight, value, nameof(weight));
    }

    /// <summary>Gets or sets the bias, <c>[features]</c>.</summary>
    public Parameter? bias
    {
        get => _bias;
        set => Swap(ref _bias, value, nameof(bias));
    }

    /// <summary>Gets or sets the running mean, <c>[features]</c>.</summary>
    public Tensor? running_mean
    {
        get => _runningMean;
        set => SwapBuffer(ref _runningMean, value, nameof(running_mean));
    }

    /// <summary>Gets or sets the running variance, <c>[features]</c>.</summary>
    public Tensor? running_var
    {
        get => _runningVariance;
        set => SwapBuffer(ref _runningVariance, value, nameof(running_var));
    }

    /// <summary>Gets or sets the number of batches seen, a single integer.</summary>
    public Tensor? num_batches_tracked
    {
        get => _batches;
        set => SwapBuffer(ref _batches, value, nameof(num_batches_tracked));
    }

    /// <summary>Sets the running statistics as before the first batch.</summary>
    public void reset_running_stats()
    {
        if (track_running_stats)
        {
            nn.init.zeros_(_runningMean!);
            nn.init.ones_(_runningVariance!);
            nn.init.zeros_(_batches!);
        }
    }

    /// <summary>Sets the weight to ones, the bias to zeros, and the running statistics back.</summary>
    public void reset_parameters()
    {
        reset_running_stats();
        if (affine)
        {
            nn.init.ones_(_weight!);
            nn.init.zeros_(_bias!);
        }
    }

    /// <summary>Refuses an input whose number of dimensions is not this norm's.</summary>
    protected abstract void ValidateInputDimensions(Tensor input);

    private void SwapBuffer(ref Tensor? field, Tensor? value, string component)
    {
        if (!ReferenceEquals(field, value))
        {
            field?.Dispose();
            field = value;
        }
        ConditionallyRegisterBuffer(component, value);
    }
}
