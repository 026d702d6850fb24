using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class RMSProp
{
    /// <summary>What is remembered about one parameter; tensors have its shape and element type.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>The steps taken.</summary>
        public long step;

        /// <summary>The running mean of the squared gradient.</summary>
        public Tensor? square_avg;

        /// <summary>The velocity, where there is momentum.</summary>
        public Tensor? momentum_buffer;

        /// <summary>The running mean of the gradient, where centred.</summary>
        public Tensor? grad_avg;

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
            square_avg = Zeros();
            momentum_buffer = settings.momentum > 0 ? Zeros() : null;
            grad_avg = settings.centered == true ? Zeros() : null;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Take(ref square_avg, other.square_avg);
            Take(ref momentum_buffer, other.momentum_buffer);
            Take(ref grad_avg, other.grad_avg);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            step = reader.ReadInt64();
            LoadConditionalStateTensor(reader, ref square_avg, _parameter.device);
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
            LoadConditionalStateTensor(reader, ref grad_avg, _parameter.device);
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(step);
            SaveConditionalStateTensor(writer, square_avg);
            SaveConditionalStateTensor(writer, momentum_buffer);
            SaveConditionalStateTensor(writer, grad_avg);
        }

        /// <inheritdoc/>
        public override bool ApproximatelyEquals(OptimizerState other)
            => other is State own && step == own.step && Near(square_avg, own.square_avg) && Near(momentum_buffer, own.momentum_buffer) && Near(grad_avg, own.grad_avg);

        /// <inheritdoc/>
        public override void to(Device device)
        {
            Move(ref square_avg, device);
            Move(ref momentum_buffer, device);
            Move(ref grad_avg, device);
        }

        /// <summary>Disposes the tensors.</summary>
        public void Dispose()
        {
            square_avg?.Dispose();
            momentum_buffer?.Dispose();
            grad_avg?.Dispose();
        }
    }
}
