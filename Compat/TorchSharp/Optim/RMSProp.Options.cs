namespace TorchSharp.Modules;

public partial class RMSProp
{
    /// <summary>Settings of a group.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>α, the decay of the running means.</summary>
        public double? alpha;

        /// <summary>ε, added to the root.</summary>
        public double? eps;

        /// <summary>The weight decay, added to the gradient.</summary>
        public double? weight_decay;

        /// <summary>The momentum μ.</summary>
        public double? momentum;

        /// <summary>Whether the mean's square is taken off, which leaves the variance.</summary>
        public bool? centered;

        /// <summary>Whether to go up the gradient.</summary>
        public bool? maximize;

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            alpha = other.alpha;
            eps = other.eps;
            weight_decay = other.weight_decay;
            momentum = other.momentum;
            centered = other.centered;
            maximize = other.maximize;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            base.LoadStateDict(reader);
            alpha = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            momentum = reader.ReadDouble();
            centered = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            base.SaveStateDict(writer);
            writer.Write(alpha ?? 0);
            writer.Write(eps ?? 0);
            writer.Write(weight_decay ?? 0);
            writer.Write(momentum ?? 0);
            writer.Write(centered ?? false);
            writer.Write(maximize ?? false);
        }
    }

    /// <summary>Parameters that share their settings.</summary>
    public class ParamGroup : ParamGroup<Options>, torch.optim.IMomentum
    {
        /// <summary>Makes an empty group.</summary>
        public ParamGroup()
        {
        }

        /// <summary>Makes a group with the given settings.</summary>
        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        /// <summary>Makes a group.</summary>
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1e-8, double alpha = 0.99, double weight_decay = 0, double momentum = 0, bool centered = false)
            : base(parameters, new Options { LearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered })
        {
        }

        /// <inheritdoc/>
        public double Momentum
        {
            get => Options.momentum ?? 0;
            set => Options.momentum = value;
        }
    }
}
