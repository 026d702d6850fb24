using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>max(0, x).</summary>
        public static ReLU ReLU(bool inplace = false) => new(inplace);

        /// <summary>min(max(0, x), 6).</summary>
        public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

        /// <summary>x Φ(x), or its tanh approximation.</summary>
        public static GELU GELU() => new(Modules.GELU.Approximate.none, false);

        /// <summary>x Φ(x), or its tanh approximation.</summary>
        public static GELU GELU(bool inplace) => new(Modules.GELU.Approximate.none, inplace);

        /// <summary>x Φ(x), or its tanh approximation.</summary>
        public static GELU GELU(Modules.GELU.Approximate approximate, bool inplace = false) => new(approximate, inplace);

        /// <summary>tanh x.</summary>
        public static Tanh Tanh() => new(false);

        /// <summary>tanh x.</summary>
        public static Tanh Tanh(bool inplace = false) => new(inplace);

        /// <summary>1/(1 + e⁻ˣ).</summary>
        public static Sigmoid Sigmoid() => new(false);

        /// <summary>1/(1 + e⁻ˣ).</summary>
        public static Sigmoid Sigmoid(bool inplace) => new(inplace);

        /// <summary>x/(1 + e⁻ˣ).</summary>
        public static SiLU SiLU() => new(false);

        /// <summary>x/(1 + e⁻ˣ).</summary>
        public static SiLU SiLU(bool inplace) => new(inplace);

        /// <summary>x tanh(ln(1 + eˣ)).</summary>
        public static Mish Mish() => new(false);

        /// <summary>x tanh(ln(1 + eˣ)).</summary>
        public static Mish Mish(bool inplace) => new(inplace);

        /// <summary>x where positive, a x elsewhere.</summary>
        public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

        /// <summary>x where positive, α(eˣ − 1) elsewhere.</summary>
        public static ELU ELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);

        /// <summary>ln(1 + e^(βx))/β.</summary>
        public static Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);

        /// <summary>Exponentials divided by their sum along a dimension.</summary>
        public static Softmax Softmax(long dim) => new(dim);

        /// <summary>The logarithm of the softmax along a dimension.</summary>
        public static LogSoftmax LogSoftmax(long dim) => new(dim);

        /// <summary>One half of a dimension times the sigmoid of the other half.</summary>
        public static GLU GLU(long dim = -1) => new(dim);

        /// <summary>ln(1/(1 + e⁻ˣ)).</summary>
        public static LogSigmoid LogSigmoid() => new();

        /// <summary>Zeroes elements with probability p in training, and scales the others by 1/(1 − p).</summary>
        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        /// <summary>x.</summary>
        public static Identity Identity() => new();

        /// <summary>Joins neighbouring dimensions into one.</summary>
        public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

        /// <summary>x₁·x₂/(‖x₁‖‖x₂‖) along a dimension.</summary>
        public static CosineSimilarity CosineSimilarity(long dim = 1, double eps = 1e-08) => new(dim, eps);
    }
}
