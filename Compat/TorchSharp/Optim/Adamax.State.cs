using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adamax
{
    /// <summary>What is remembered about one parameter; tensors have its shape and element type.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>The steps taken.</summary>
        public long step;

        /// <summary>The first moment m.</summary>
        public Tensor? exp_avg;

        /// <summary>The largest gradient u, decaying.</summary>
        public Tensor? exp_inf;

        /// <summary>Makes the state of a parameter.</summary>
        public State(Parameter parameter)
            : base(parameter)
        {
        }

        /// <inheritdoc/>
        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            exp_avg = Zeros();
            exp_inf = Zeros();
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Take(ref exp_avg, other.exp_avg);
            Take(ref exp_inf, other.exp_inf);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            step = reader.ReadInt64();
            LoadConditionalStateTensor(reader, ref exp_avg, _parameter.device);
            LoadConditionalStateTensor(reader, ref exp_inf, _parameter.device);
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(step);
            SaveConditionalStateTensor(writer, exp_avg);
            SaveConditionalStateTensor(writer, exp_inf);
        }

        /// <inheritdoc/>
        public override bool ApproximatelyEquals(OptimizerState other)
            => other is State own && step == own.step && Near(exp_avg, own.exp_avg) && Near(exp_inf, own.exp_inf);

        /// <inheritdoc/>
        public override void to(Device device)
        {
            Move(ref exp_avg, device);
            Move(ref exp_inf, device);
        }

        /// <summary>Disposes the tensors.</summary>
        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_inf?.Dispose();
        }
    }
}
