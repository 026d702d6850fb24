using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Work on many parameters at once.</summary>
        public static partial class utils
        {
            private static readonly Operator s_norm = new("norm", "Scalar");

            /// <summary>Scales all gradients together so that their norm is at most the given one.</summary>
            /// <returns>The norm before, over all gradients as one vector; 0 without gradients.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using IDisposable mode = no_grad();
                using DisposeScope scope = NewDisposeScope();
                Tensor[] gradients = [.. tensors.Select(parameter => parameter.grad).OfType<Tensor>()];
                if (gradients.Length == 0)
                {
                    return 0;
                }
                Tensor norms = stack(Array.ConvertAll(gradients, gradient => s_norm.Call(gradient, norm_type).to(gradients[0].device)));
                double total = s_norm.Call(norms, norm_type).to(ScalarType.Float64).item<double>();
                double factor = max_norm / (total + 1e-6);
                if (!(factor >= 1)) // a total that is not a number spoils the gradients, as it should
                {
                    foreach (Tensor gradient in gradients)
                    {
                        gradient.mul_(factor);
                    }
                }
                return total;
            }

            /// <summary>Holds every element of the gradients within ± a value.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using IDisposable mode = no_grad();
                foreach (Parameter parameter in tensors)
                {
                    using Tensor? gradient = parameter.grad;
                    gradient?.clamp_(-clip_value, clip_value);
                }
            }

            /// <summary>Gets all parameters as one vector, in their order.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using DisposeScope scope = NewDisposeScope();
                return cat([.. tensors.Select(parameter => parameter.reshape(-1))]).MoveToOuterDisposeScope();
            }

            /// <summary>Copies a vector's parts into the parameters, in their order.</summary>
            /// <exception cref="ArgumentException">The vector is shorter or longer than the parameters together.</exception>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                ArgumentNullException.ThrowIfNull(vec);
                Parameter[] targets = [.. tensors];
                long wanted = targets.Sum(parameter => parameter.numel());
                if (vec.dim() != 1 || vec.numel() != wanted)
                {
                    throw new ArgumentException($"vector_to_parameters: the vector must be [{wanted}], as many as the parameters have, but is [{string.Join(", ", vec.shape)}]", nameof(vec));
                }
                using IDisposable mode = no_grad();
                using DisposeScope scope = NewDisposeScope();
                long offset = 0;
                foreach (Parameter target in targets)
                {
                    target.copy_(vec.narrow(0, offset, target.numel()).view(target.shape));
                    offset += target.numel();
                }
            }
        }
    }
}
