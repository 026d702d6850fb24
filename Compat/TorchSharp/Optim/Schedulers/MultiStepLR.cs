namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>lr = lr₀·γ^(milestones passed).</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly int[] _milestones;
                    private readonly double _gamma;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = ([.. milestones], gamma);
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => get_closed_form_lr();

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_closed_form_lr() => Scaled(Math.Pow(_gamma, _milestones.Count(milestone => milestone <= _last_epoch)));
                }
            }

            /// <summary>lr = lr₀·γ^(milestones passed).</summary>
            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.MultiStepLR(optimizer, milestones, gamma, last_epoch, verbose);
        }
    }
}
