namespace TorchSharp.Modules;

public partial class SGD
{
    /// <summary>Settings of a group.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>The momentum μ.</summary>
        public double? momentum;

        /// <summary>How much less of the new gradient enters the velocity.</summary>
        public double? dampening;

        /// <summary>The weight decay, added to the gradient.</summary>
        public double? weight_decay;

        /// <summary>Whether the momentum looks ahead.</summary>
        public bool? nesterov;

        /// <summary>Whether to go up the gradient.</summary>
        public bool? maximize;

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            momentum = other.momentum;
            dampening = other.dampening;
            weight_decay = other.weight_decay;
            nesterov = other.nesterov;
            maximize = other.maximize;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            base.SaveStateDict(writer);
            writer.Write(momentum ?? 0);
            writer.Write(dampening ?? 0);
            writer.Write(weight_decay ?? 0);
            writer.Write(nesterov ?? false);
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
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
