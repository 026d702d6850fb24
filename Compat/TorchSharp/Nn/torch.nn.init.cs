using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>First values of parameters, written in place with no gradient recorded. Each returns its argument.</summary>
        public static partial class init
        {
            private static readonly Operator s_uniform = new("uniform_");
            private static readonly Operator s_normal = new("normal_");
            private static readonly Operator s_fill = new("fill_", "Scalar");
            private static readonly Operator s_eye = new("eye", "m");
            private static readonly Operator s_qr = new("linalg_qr");

            /// <summary>Which side of a weight counts.</summary>
            public enum FanInOut
            {
                /// <summary>The inputs.</summary>
                FanIn = 0,

                /// <summary>The outputs.</summary>
                FanOut = 1,
            }

            /// <summary>The nonlinearity that follows a weight.</summary>
            public enum NonlinearityType
            {
                /// <summary>None.</summary>
                Linear = 0,

                /// <summary>None, after a convolution.</summary>
                Conv1D = 1,

                /// <summary>None, after a convolution.</summary>
                Conv2D = 2,

                /// <summary>None, after a convolution.</summary>
                Conv3D = 3,

                /// <summary>None, after a transposed convolution.</summary>
                ConvTranspose1D = 4,

                /// <summary>None, after a transposed convolution.</summary>
                ConvTranspose2D = 5,

                /// <summary>None, after a transposed convolution.</summary>
                ConvTranspose3D = 6,

                /// <summary>The logistic function.</summary>
                Sigmoid = 7,

                /// <summary>tanh.</summary>
                Tanh = 8,

                /// <summary>max(0, x).</summary>
                ReLU = 9,

                /// <summary>x where positive, a x elsewhere.</summary>
                LeakyReLU = 10,
            }

            /// <summary>The factor that keeps variance through a nonlinearity: 5/3 for tanh, √2 for ReLU, √(2/(1 + a²)) for leaky ReLU, else 1.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            /// <summary>The inputs and outputs of one element: dimensions 1 and 0, times the size of what lies beyond.</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException($"fan-in and fan-out need two dimensions or more, but the tensor is [{string.Join(", ", shape)}]", nameof(tensor));
                }
                long field = 1;
                for (int dim = 2; dim < shape.Length; dim++)
                {
                    field *= shape[dim];
                }
                return (shape[1] * field, shape[0] * field);
            }

            /// <summary>Fills with draws from the uniform distribution.</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
                => Unrecorded(tensor, () => s_uniform.InPlace(tensor, low, high, generator));

            /// <summary>Fills with draws from the normal distribution.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
                => Unrecorded(tensor, () => s_normal.InPlace(tensor, mean, std, generator));

            /// <summary>Fills with one value.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val) => Unrecorded(tensor, () => s_fill.InPlace(tensor, val));

            /// <summary>Fills with ones.</summary>
            public static Tensor ones_(Tensor tensor) => Unrecorded(tensor, () => s_fill.InPlace(tensor, 1.0));

            /// <summary>Fills with zeros.</summary>
            public static Tensor zeros_(Tensor tensor) => Unrecorded(tensor, () => s_fill.InPlace(tensor, 0.0));

            /// <summary>Fills a matrix with ones on its diagonal, zeros elsewhere.</summary>
            public static Tensor eye_(Tensor tensor) => Unrecorded(tensor, () =>
            {
                if (tensor.dim() != 2)
                {
                    throw new ArgumentException($"eye_ takes a matrix, but got [{string.Join(", ", tensor.shape)}]", nameof(tensor));
                }
                tensor.copy_(s_eye.Call(tensor.size(0), tensor.size(1), tensor.dtype, Arg.None, tensor.device));
            });

            /// <summary>Uniform within ±gain·√(6/(in + out)): Glorot and Bengio 2010.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                double bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with deviation gain·√(2/(in + out)): Glorot and Bengio 2010.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            /// <summary>Another word for <see cref="xavier_uniform_"/>.</summary>
            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) => xavier_uniform_(tensor, gain);

            /// <summary>Another word for <see cref="xavier_normal_"/>.</summary>
            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) => xavier_normal_(tensor, gain);

            /// <summary>Uniform within ±gain·√(3/fan): He et al. 2015.</summary>
            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = calculate_gain(nonlinearity, a) * Math.Sqrt(3.0 / Fan(tensor, mode));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with deviation gain/√fan: He et al. 2015.</summary>
            public static Tensor kaiming_normal_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
                => normal_(tensor, 0, calculate_gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)));

            /// <summary>Normal draws, those outside of [a, b] replaced: by the inverse of the distribution function, as in PyTorch.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
                => Unrecorded(tensor, () =>
                {
                    double low = Probability((a - mean) / std), high = Probability((b - mean) / std);
                    s_uniform.InPlace(tensor, (2 * low) - 1, (2 * high) - 1, generator);
                    tensor.erfinv_().mul_(std * Math.Sqrt(2)).add_(mean).clamp_(a, b);
                });

            /// <summary>A semi-orthogonal matrix of the flattened shape, times the gain: Saxe et al. 2013, by the QR decomposition of normal draws.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1) => Unrecorded(tensor, () =>
            {
                if (tensor.dim() < 2)
                {
                    throw new ArgumentException($"orthogonal_ takes two dimensions or more, but got [{string.Join(", ", tensor.shape)}]", nameof(tensor));
                }
                long rows = tensor.size(0), columns = rows == 0 ? 0 : tensor.numel() / rows;
                if (rows == 0 || columns == 0)
                {
                    return;
                }
                Tensor drawn = empty(rows, columns, tensor.dtype, tensor.device);
                s_normal.InPlace(drawn, 0.0, 1.0);
                (Tensor q, Tensor r) = s_qr.Call2(rows < columns ? drawn.t() : drawn, "reduced");
                Tensor basis = q.mul(r.diagonal().sign()); // the decomposition is unique with a positive diagonal
                tensor.copy_((rows < columns ? basis.t() : basis).mul(gain).view(tensor.shape));
            });

            private static long Fan(Tensor tensor, FanInOut mode)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return mode == FanInOut.FanIn ? fanIn : fanOut;
            }

            // Φ(x) by Abramowitz and Stegun would give 7 digits only; torch's erf gives all of them.
            private static double Probability(double x)
            {
                using Tensor point = full([1], x / Math.Sqrt(2), ScalarType.Float64);
                return (1 + point.erf_().item<double>()) / 2;
            }

            private static Tensor Unrecorded(Tensor tensor, Action write)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                using IDisposable mode = no_grad();
                using DisposeScope scope = NewDisposeScope();
                write();
                return tensor;
            }
        }
    }
}
