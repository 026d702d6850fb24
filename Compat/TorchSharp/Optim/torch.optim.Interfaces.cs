namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Something with a learning rate that a schedule can set.</summary>
        public interface ILearningRateController
        {
            /// <summary>Gets or sets the learning rate of the next step.</summary>
            double LearningRate { get; set; }

            /// <summary>Gets or sets the learning rate that schedules start from.</summary>
            double InitialLearningRate { get; set; }
        }

        /// <summary>Something with a momentum that a schedule can set.</summary>
        public interface IMomentum
        {
            /// <summary>Gets or sets the momentum.</summary>
            double Momentum { get; set; }
        }

        /// <summary>Something with two decay rates of moments that a schedule can set.</summary>
        public interface IBetas
        {
            /// <summary>Gets or sets β₁ and β₂.</summary>
            (double, double) Betas { get; set; }
        }
    }
}
