namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>lr = η + (lr₀ − η)(1 + cos(πt/T))/2: Loshchilov and Hutter 2017, without restarts.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _total;
                    private readonly double _least;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_total, _least) = (T_max, eta_min);
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => get_closed_form_lr();

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_closed_form_lr()
                    {
                        double share = (1 + Math.Cos(Math.PI * _last_epoch / _total)) / 2;
                        return _base_lrs.Select(first => _least + ((first - _least) * share));
                    }
                }
            }

            /// <summary>lr = η + (lr₀ − η)(1 + cos(πt/T))/2: Loshchilov and Hutter 2017, without restarts.</summary>
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                => new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);
        }
    }
}
