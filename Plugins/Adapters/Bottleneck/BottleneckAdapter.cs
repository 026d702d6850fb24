using DeltaTune.Sites;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Bottleneck;

/// <summary>The bottleneck adapter after one site: y' = y + s·(U·f(D·y + d) + u), y being what the site gives.</summary>
/// <remarks>
/// Source: Houlsby et al. 2019, "Parameter-Efficient Transfer Learning for NLP", §2, https://arxiv.org/abs/1902.00751.
/// Differs from the paper: U starts at zero unless the options say otherwise, so that a fresh adapter changes nothing.
/// </remarks>
internal sealed class BottleneckAdapter : Effect<Tensor, Tensor>, IRowwiseEffect
{
    [ComponentName(Name = "down_proj")]
    private readonly Linear _downProjection; // weight [bottleneck, features], bias [bottleneck]
    [ComponentName(Name = "up_proj")]
    private readonly Linear _upProjection;   // weight [features, bottleneck], bias [features]
    [ComponentName(Name = "norm")]
    private readonly LayerNorm? _norm;
    private readonly BottleneckActivation _activation;
    private readonly bool _normAfter;
    private readonly double _scaling; // s, no unit

    /// <summary>Makes the projections.</summary>
    /// <param name="features">The size of what the site gives.</param>
    /// <param name="options">Size, function, start, norm and scaling.</param>
    /// <param name="device">Where the parameters go.</param>
    public BottleneckAdapter(long features, BottleneckOptions options, Device device)
        : base(nameof(BottleneckAdapter))
    {
        (_activation, _scaling, _normAfter) = (options.NonLinearity, options.Scaling, options.Norm == BottleneckNorm.After);
        long size = options.BottleneckSize;
        using (no_grad())
        {
            Tensor down = empty([size, features], dtype: ScalarType.Float32, device: device);
            Tensor up = zeros([features, size], dtype: ScalarType.Float32, device: device);
            if (options.Init == BottleneckInit.OpenDelta)
            {
                nn.init.normal_(down, 0, 0.01); // opendelta/delta_models/layers/adapter.py
                nn.init.normal_(up, 0, 0.01);
            }
            else
            {
                nn.init.kaiming_uniform_(down, Math.Sqrt(5));
            }

            _downProjection = nn.Linear(new Parameter(down), new Parameter(zeros([size], dtype: ScalarType.Float32, device: device)));
            _upProjection = nn.Linear(new Parameter(up), new Parameter(zeros([features], dtype: ScalarType.Float32, device: device)));
        }

        _norm = options.Norm == BottleneckNorm.None ? null : nn.LayerNorm(features, device: device);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, Func<Tensor, Tensor> next)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor y = next(input);                                                              // [.., features]
        ScalarType own = _downProjection.weight!.dtype;
        Tensor read = y.dtype == own ? y : y.to(own);
        if (_norm is not null && !_normAfter)
        {
            read = _norm.call(read);
        }

        Tensor inner = Activate(nn.functional.linear(read, _downProjection.weight!, _downProjection.bias)); // [.., bottleneck]
        Tensor update = nn.functional.linear(inner, _upProjection.weight!, _upProjection.bias);             // [.., features]
        Tensor sum = y.add(update.dtype == y.dtype ? update : update.to(y.dtype), _scaling * Strength);
        if (_norm is not null && _normAfter)
        {
            sum = _norm.call(sum.dtype == own ? sum : sum.to(own)).to(y.dtype);
        }

        return sum.MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor x) => _activation switch
    {
        BottleneckActivation.GeluTanh => nn.functional.gelu(x, GELU.Approximate.tanh),
        BottleneckActivation.Gelu => nn.functional.gelu(x),
        BottleneckActivation.Relu => nn.functional.relu(x),
        BottleneckActivation.Swish => nn.functional.silu(x),
        _ => x.tanh(),
    };
}
