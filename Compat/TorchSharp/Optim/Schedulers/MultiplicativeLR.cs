namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>lr = the last lr·rule(t).</summary>
                public class MultiplicativeLR : LRScheduler
                {
                    private readonly Func<int, double>[] _rules;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _rules = [.. Enumerable.Repeat(lr_lambda, _base_lrs.Length)];
                        step();
                    }

                    /// <summary>Makes the schedule with a rule for each group, and sets the first learning rate.</summary>
                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _rules = [.. lr_lambdas];
                        if (_rules.Length != _base_lrs.Length)
                        {
                            throw new ArgumentException($"MultiplicativeLR needs one rule for each of the {_base_lrs.Length} groups, but got {_rules.Length}", nameof(lr_lambdas));
                        }
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => _optimizer!.ParamGroups.Zip(_rules, (group, rule) => _last_epoch > 0 ? group.LearningRate * rule(_last_epoch) : group.LearningRate);
                }
            }

            /// <summary>lr = the last lr·rule(t).</summary>
            public static LRScheduler MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                => new impl.MultiplicativeLR(optimizer, lr_lambda, last_epoch, verbose);
        }
    }
}
