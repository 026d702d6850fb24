namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>One rise to the highest learning rate and one fall far below the first; the momentum goes the other way.</summary>
                /// <remarks>Source: Smith and Topin 2017, "Super-Convergence", https://arxiv.org/abs/1708.07120; two phases unless three are asked for, as in PyTorch.</remarks>
                public class OneCycleLR : LRScheduler
                {
                    private readonly double[] _highest; // one a group
                    private readonly int _steps;
                    private readonly double _rise;      // the share of the steps
                    private readonly bool _cosine;
                    private readonly bool _cycleMomentum;
                    private readonly double _leastMomentum;
                    private readonly double _mostMomentum;
                    private readonly double _divisor;
                    private readonly double _lastDivisor;
                    private readonly bool _threePhases;

                    /// <summary>Makes the schedule with one highest rate, and sets the first learning rate.</summary>
                    public OneCycleLR(
                        Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                        double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _steps = total_steps > 0 ? total_steps : epochs * steps_per_epoch;
                        if (total_steps <= 0 && (epochs <= 0 || steps_per_epoch <= 0))
                        {
                            throw new ArgumentException($"OneCycleLR needs total_steps, or both epochs and steps_per_epoch, above 0, but got {total_steps}, {epochs} and {steps_per_epoch}", nameof(total_steps));
                        }
                        _highest = [.. Enumerable.Repeat(max_lr, _base_lrs.Length)];
                        (_rise, _cosine, _cycleMomentum) = (pct_start, anneal_strategy == AnnealStrategy.Cos, cycle_momentum);
                        (_leastMomentum, _mostMomentum) = (base_momentum, max_momentum);
                        (_divisor, _lastDivisor, _threePhases) = (div_factor, final_div_factor, three_phase);
                        step();
                    }

                    /// <summary>The curve between two rates.</summary>
                    public enum AnnealStrategy
                    {
                        /// <summary>Half a cosine.</summary>
                        Cos = 0,

                        /// <summary>A line.</summary>
                        Linear = 1,
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch >= _steps)
                        {
                            throw new InvalidOperationException($"OneCycleLR was made for {_steps} steps, but was asked for the rate of step {_last_epoch + 1}");
                        }
                        if (_cycleMomentum)
                        {
                            SetMomentum(At(_mostMomentum, _leastMomentum, _mostMomentum, _mostMomentum));
                        }
                        return Array.ConvertAll(_highest, highest =>
                        {
                            double first = highest / _divisor;
                            return At(first, highest, _threePhases ? first : first / _lastDivisor, first / _lastDivisor);
                        });
                    }

                    // The value now of something that begins at one value, peaks, falls and, in a third phase, goes to a last one.
                    private double At(double first, double peak, double fallen, double last)
                    {
                        double peakAt = (_rise * _steps) - 1, end = _steps - 1;
                        double fallenAt = _threePhases ? (2 * _rise * _steps) - 2 : end;
                        return _last_epoch <= peakAt ? Between(first, peak, _last_epoch / peakAt)
                            : _last_epoch <= fallenAt ? Between(peak, fallen, (_last_epoch - peakAt) / (fallenAt - peakAt))
                            : Between(fallen, last, (_last_epoch - fallenAt) / (end - fallenAt));
                    }

                    private double Between(double from, double to, double share)
                        => _cosine ? to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * share))) : from + ((to - from) * share);

                    private void SetMomentum(double momentum)
                    {
                        foreach (ILearningRateController group in _optimizer!.ParamGroups)
                        {
                            if (group is IBetas moments)
                            {
                                moments.Betas = (momentum, moments.Betas.Item2);
                            }
                            else if (group is IMomentum moving)
                            {
                                moving.Momentum = momentum;
                            }
                        }
                    }
                }
            }

            /// <summary>One rise to the highest learning rate and one fall far below the first; the momentum goes the other way.</summary>
            public static LRScheduler OneCycleLR(
                Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                => new impl.OneCycleLR(
                    optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum,
                    div_factor, final_div_factor, three_phase, last_epoch, verbose);
        }
    }
}
