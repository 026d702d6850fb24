using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adam
{
    /// <summary>What is remembered about one parameter; tensors have its shape and element type.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>The steps taken.</summary>
        public long step;

        /// <summary>The first moment m.</summary>
        public Tensor? exp_avg;

        /// <summary>The second moment v.</summary>
        public Tensor? exp_avg_sq;

        /// <summary>The largest v so far, for AMSGrad.</summary>
        public Tensor? max_exp_avg_sq;

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
            exp_avg = Zeros();
            exp_avg_sq = Zeros();
            max_exp_avg_sq = settings.amsgrad == true ? Zeros() : null;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Take(ref exp_avg, other.exp_avg);
            Take(ref exp_avg_sq, other.exp_avg_sq);
            Take(ref max_exp_avg_sq, other.max_exp_avg_sq);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            step = reader.ReadInt64();
            LoadConditionalStateTensor(reader, ref exp_avg, _parameter.device);
            LoadConditionalStateTensor(reader, ref exp_avg_sq, _parameter.device);
            LoadConditionalStateTensor(reader, ref max_exp_avg_sq, _parameter.device);
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(step);
            SaveConditionalStateTensor(writer, exp_avg);
            SaveConditionalStateTensor(writer, exp_avg_sq);
            SaveConditionalStateTensor(writer, max_exp_avg_sq);
        }

        /// <inheritdoc/>
        public override bool ApproximatelyEquals(OptimizerState other)
            => other is State own && step == own.step && Near(exp_avg, own.exp_avg) && Near(exp_avg_sq, own.exp_avg_sq) && Near(max_exp_avg_sq, own.max_exp_avg_sq);

        /// <inheritdoc/>
        public override void to(Device device)
        {
            Move(ref exp_avg, device);
            Move(ref exp_avg_sq, device);
            Move(ref max_exp_avg_sq, device);
        }

        /// <summary>Disposes the tensors.</summary>
        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
            max_exp_avg_sq?.Dispose();
        }
    }
}
