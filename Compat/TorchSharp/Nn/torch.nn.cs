using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Modules and their parts.</summary>
    public static partial class nn
    {
        /// <summary>A parameter of a tensor's memory; the tensor given is empty afterwards.</summary>
        public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

        /// <summary>A linear map, W and b uniform within ±1/√in.</summary>
        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
        {
            var weight = new Parameter(empty(outputSize, inputSize, dtype, device));
            init.kaiming_uniform_(weight, a: Math.Sqrt(5)); // the bound becomes 1/√in
            Parameter? bias = hasBias ? new Parameter(empty(outputSize, dtype, device)) : null;
            if (bias is not null)
            {
                double bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                init.uniform_(bias, -bound, bound);
            }
            return new Linear(weight, bias);
        }

        /// <summary>A linear map of given parameters.</summary>
        public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

        /// <summary>A bilinear map, W and b uniform within ±1/√in1.</summary>
        public static Bilinear Bilinear(long in1_features, long in2_features, long out_features, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
        {
            double bound = 1 / Math.Sqrt(in1_features);
            var weight = new Parameter(empty(out_features, in1_features, in2_features, dtype, device));
            init.uniform_(weight, -bound, bound);
            Parameter? bias = hasBias ? new Parameter(empty(out_features, dtype, device)) : null;
            if (bias is not null)
            {
                init.uniform_(bias, -bound, bound);
            }
            return new Bilinear(weight, bias);
        }

        /// <summary>A table of vectors, drawn from the standard normal distribution; the padding row is zero and gets no gradient.</summary>
        public static Embedding Embedding(
            long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
            bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
        {
            var weight = new Parameter(empty(num_embeddings, embedding_dims, dtype, device));
            init.normal_(weight);
            var table = new Embedding(weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            if (padding_idx is { } padding)
            {
                using IDisposable mode = no_grad();
                using Tensor row = weight.select(0, padding);
                row.zero_();
            }
            return table;
        }

        /// <summary>Layer normalisation over the last dimension.</summary>
        public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-5, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null)
            => new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

        /// <summary>Layer normalisation over the last dimensions.</summary>
        public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-5, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null)
            => new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

        /// <summary>Normalisation over groups of channels.</summary>
        public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-5, bool affine = true, Device? device = null, ScalarType? dtype = null)
            => new(num_groups, num_channels, eps, affine, device, dtype);

        /// <summary>Batch normalisation of features.</summary>
        public static BatchNorm1d BatchNorm1d(
            long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null)
            => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

        /// <summary>A list of modules.</summary>
        public static ModuleList<T> ModuleList<T>(params T[] modules)
            where T : Module => new(modules);

        /// <summary>A list of modules of any kind.</summary>
        public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

        /// <summary>Modules by name.</summary>
        public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
            where T : Module
        {
            var dictionary = new ModuleDict<T>();
            foreach ((string key, T module) in modules)
            {
                dictionary.Add(key, module);
            }
            return dictionary;
        }

        /// <summary>Modules of any kind by name.</summary>
        public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

        /// <summary>A list of parameters.</summary>
        public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);

        /// <summary>Parameters by name.</summary>
        public static ParameterDict ParameterDict(params (string, Parameter)[] parameters)
        {
            var dictionary = new ParameterDict();
            foreach ((string key, Parameter parameter) in parameters)
            {
                dictionary.Add(key, parameter);
            }
            return dictionary;
        }

        /// <summary>A chain without links yet.</summary>
        public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

        /// <summary>A chain of modules, named <c>0</c>, <c>1</c>, ...</summary>
        public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(Numbered(modules));

        /// <summary>A chain of modules, named <c>0</c>, <c>1</c>, ...</summary>
        public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(Numbered(modules));

        /// <summary>A chain of named modules.</summary>
        public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

        /// <summary>A chain of named modules.</summary>
        public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new([.. modules]);

        private static (string, Module<Tensor, Tensor>)[] Numbered(IEnumerable<Module<Tensor, Tensor>> modules)
            => [.. modules.Select((module, place) => (place.ToString(System.Globalization.CultureInfo.InvariantCulture), module))];
    }
}
