namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Schedules of the learning rate. Each sets the first rate when it is made, and the next at every <c>step</c>.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>The schedules themselves.</summary>
            public static partial class impl
            {
            }

            /// <summary>Sets the learning rate of an optimiser's groups, step by step.</summary>
            public abstract class LRScheduler
            {
                /// <summary>The rates set so far.</summary>
                protected int _step_count;

                internal readonly Optimizer? _optimizer;
                internal readonly double[] _base_lrs = []; // one a group, where the schedule starts
                internal int _last_epoch = -1;             // t, beginning with 0
                private double[] _lastRates = [];

                /// <summary>Makes a schedule that sets nothing itself.</summary>
                protected LRScheduler()
                {
                }

                /// <summary>Makes a schedule. A derived class calls <see cref="step()"/> once its own settings are there.</summary>
                /// <param name="optimizer">The optimiser.</param>
                /// <param name="last_epoch">The step to go on from, or -1.</param>
                /// <param name="verbose">Without effect: nothing is printed.</param>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _ = verbose;
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    _base_lrs = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                    _lastRates = _base_lrs;
                }

                /// <summary>Gets the rates that were set last, one a group.</summary>
                public IEnumerable<double> get_last_lr() => _lastRates;

                /// <summary>Sets the next rates.</summary>
                public virtual void step() => step(null);

                /// <summary>Sets the rates of a given step, or the next ones for null.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? (_last_epoch + 1);
                    Set(epoch is null ? get_lr() : get_closed_form_lr());
                }

                /// <summary>Sets the next rates by a measured value; only schedules that look at one use it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>Computes the rates, one a group.</summary>
                protected virtual IEnumerable<double> get_lr() => _base_lrs;

                /// <summary>Computes the rates of any step, from its number alone.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                internal IEnumerable<double> Scaled(double factor) => Array.ConvertAll(_base_lrs, first => first * factor);

                internal void Set(IEnumerable<double> rates)
                {
                    _lastRates = [.. rates];
                    foreach ((ILearningRateController group, double rate) in _optimizer!.ParamGroups.Zip(_lastRates))
                    {
                        group.LearningRate = rate;
                    }
                }
            }
        }
    }
}
