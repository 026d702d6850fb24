namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>lr = lr₀·(1 − t/total)^power.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly int _total;
                    private readonly double _power;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_total, _power) = (total_iters, power);
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => get_closed_form_lr();

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_closed_form_lr() => Scaled(Math.Pow(1 - (Math.Min(_total, _last_epoch) / (double)_total), _power));
                }
            }

            /// <summary>lr = lr₀·(1 − t/total)^power.</summary>
            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false)
                => new impl.PolynomialLR(optimizer, total_iters, power, last_epoch, verbose);
        }
    }
}
