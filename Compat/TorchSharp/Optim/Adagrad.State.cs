using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adagrad
{
    /// <summary>What is remembered about one parameter; tensors have its shape and element type.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>The steps taken.</summary>
        public long step;

        /// <summary>The sum of squared gradients.</summary>
        public Tensor? sum;

        /// <summary>Makes the state of a parameter.</summary>
        public State(Parameter parameter)
            : base(parameter)
        {
        }

        /// <inheritdoc/>
        public override void Initialize(OptimizerOptions options)
        {
            var settings = (Options)options;
            step = 0;
            sum = Zeros().fill_(settings.initial_accumulator_value ?? 0);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Take(ref sum, other.sum);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            step = reader.ReadInt64();
            LoadConditionalStateTensor(reader, ref sum, _parameter.device);
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(step);
            SaveConditionalStateTensor(writer, sum);
        }

        /// <inheritdoc/>
        public override bool ApproximatelyEquals(OptimizerState other)
            => other is State own && step == own.step && Near(sum, own.sum);

        /// <inheritdoc/>
        public override void to(Device device)
        {
            Move(ref sum, device);
        }

        /// <summary>Disposes the tensors.</summary>
        public void Dispose()
        {
            sum?.Dispose();
        }
    }
}
