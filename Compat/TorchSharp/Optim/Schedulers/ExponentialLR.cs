namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>lr = lr₀·γᵗ.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => get_closed_form_lr();

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_closed_form_lr() => Scaled(Math.Pow(_gamma, _last_epoch));
                }
            }

            /// <summary>lr = lr₀·γᵗ.</summary>
            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.ExponentialLR(optimizer, gamma, last_epoch, verbose);
        }
    }
}
