using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class SGD
{
    /// <summary>What is remembered about one parameter; tensors have its shape and element type.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>The velocity b, absent before the first step.</summary>
        public Tensor? momentum_buffer;

        /// <summary>Makes the state of a parameter.</summary>
        public State(Parameter parameter)
            : base(parameter)
        {
        }

        /// <inheritdoc/>
        public override void Initialize(OptimizerOptions options)
        {
            momentum_buffer = null;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            Take(ref momentum_buffer, other.momentum_buffer);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            SaveConditionalStateTensor(writer, momentum_buffer);
        }

        /// <inheritdoc/>
        public override bool ApproximatelyEquals(OptimizerState other)
            => other is State own && Near(momentum_buffer, own.momentum_buffer);

        /// <inheritdoc/>
        public override void to(Device device)
        {
            Move(ref momentum_buffer, device);
        }

        /// <summary>Disposes the tensors.</summary>
        public void Dispose()
        {
            momentum_buffer?.Dispose();
        }
    }
}
