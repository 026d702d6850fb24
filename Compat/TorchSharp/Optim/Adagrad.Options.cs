namespace TorchSharp.Modules;

public partial class Adagrad
{
    /// <summary>Settings of a group.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>How fast the learning rate falls: lr/(1 + (t−1)·decay).</summary>
        public double? lr_decay;

        /// <summary>The weight decay, added to the gradient.</summary>
        public double? weight_decay;

        /// <summary>Where the sum begins.</summary>
        public double? initial_accumulator_value;

        /// <summary>ε, added to the root.</summary>
        public double? eps;

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            lr_decay = other.lr_decay;
            weight_decay = other.weight_decay;
            initial_accumulator_value = other.initial_accumulator_value;
            eps = other.eps;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            base.LoadStateDict(reader);
            lr_decay = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            initial_accumulator_value = reader.ReadDouble();
            eps = reader.ReadDouble();
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            base.SaveStateDict(writer);
            writer.Write(lr_decay ?? 0);
            writer.Write(weight_decay ?? 0);
            writer.Write(initial_accumulator_value ?? 0);
            writer.Write(eps ?? 0);
        }
    }

    /// <summary>Parameters that share their settings.</summary>
    public class ParamGroup : ParamGroup<Options>
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
            : base(parameters, new Options { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps })
        {
        }
    }
}
