namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>lr = lr₀ times a factor that goes from one value to another along a line.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _total;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_start, _end, _total) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => get_closed_form_lr();

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_closed_form_lr() => Scaled(_start + ((_end - _start) * Math.Min(_total, _last_epoch) / _total));
                }
            }

            /// <summary>lr = lr₀ times a factor that goes from one value to another along a line.</summary>
            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                => new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);
        }
    }
}
