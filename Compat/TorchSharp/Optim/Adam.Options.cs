namespace TorchSharp.Modules;

public partial class Adam
{
    /// <summary>Settings of a group.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>β₁, the decay of the first moment.</summary>
        public double? beta1;

        /// <summary>β₂, the decay of the second moment.</summary>
        public double? beta2;

        /// <summary>ε, added to the root of the second moment.</summary>
        public double? eps;

        /// <summary>The weight decay λ.</summary>
        public double? weight_decay;

        /// <summary>Whether the largest second moment so far divides, instead of the newest.</summary>
        public bool? amsgrad;

        /// <summary>Whether to go up the gradient.</summary>
        public bool? maximize;

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            beta1 = other.beta1;
            beta2 = other.beta2;
            eps = other.eps;
            weight_decay = other.weight_decay;
            amsgrad = other.amsgrad;
            maximize = other.maximize;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            amsgrad = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            base.SaveStateDict(writer);
            writer.Write(beta1 ?? 0);
            writer.Write(beta2 ?? 0);
            writer.Write(eps ?? 0);
            writer.Write(weight_decay ?? 0);
            writer.Write(amsgrad ?? false);
            writer.Write(maximize ?? false);
        }
    }

    /// <summary>Parameters that share their settings.</summary>
    public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
        {
        }

        /// <inheritdoc/>
        public (double, double) Betas
        {
            get => (Options.beta1 ?? 0, Options.beta2 ?? 0);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
