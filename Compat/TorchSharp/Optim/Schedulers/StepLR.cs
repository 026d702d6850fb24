namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>lr = lr₀·γ^⌊t/size⌋.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int _size;
                    private readonly double _gamma;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_size, _gamma) = (step_size, gamma);
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => get_closed_form_lr();

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_closed_form_lr() => Scaled(Math.Pow(_gamma, _last_epoch / _size));
                }
            }

            /// <summary>lr = lr₀·γ^⌊t/size⌋.</summary>
            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.StepLR(optimizer, step_size, gamma, last_epoch, verbose);
        }
    }
}
