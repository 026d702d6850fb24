namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Schedules one after the other, each from its milestone on and counting from there.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] _schedules;
                    private readonly int[] _milestones;

                    /// <summary>Makes the schedule and sets the first learning rate.</summary>
                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1)
                        : base(Rewound(optimizer), last_epoch)
                    {
                        (_schedules, _milestones) = ([.. schedulers], [.. milestones]);
                        if (_schedules.Length != _milestones.Length + 1)
                        {
                            throw new ArgumentException($"SequentialLR needs one schedule more than milestones, but got {_schedules.Length} and {_milestones.Length}", nameof(schedulers));
                        }
                        foreach (LRScheduler schedule in _schedules) // their constructors have set a rate each: that is undone
                        {
                            schedule._last_epoch--;
                        }
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr()
                    {
                        int current = _milestones.Count(milestone => milestone <= _last_epoch);
                        if (current > 0 && _milestones[current - 1] == _last_epoch)
                        {
                            _schedules[current].step(0);
                        }
                        else
                        {
                            _schedules[current].step();
                        }
                        return _schedules[current].get_last_lr();
                    }

                    private static Optimizer Rewound(Optimizer optimizer)
                    {
                        ArgumentNullException.ThrowIfNull(optimizer);
                        foreach (ILearningRateController group in optimizer.ParamGroups)
                        {
                            group.LearningRate = group.InitialLearningRate;
                        }
                        return optimizer;
                    }
                }
            }

            /// <summary>Schedules one after the other, each from its milestone on and counting from there.</summary>
            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1)
                => new impl.SequentialLR(optimizer, schedulers, milestones, last_epoch);
        }
    }
}
