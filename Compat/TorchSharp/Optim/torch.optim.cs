using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimisers and schedules. No weight decay unless asked for, AdamW included.</summary>
    public static partial class optim
    {
        /// <summary>Makes <see cref="Modules.Adam"/> for one group.</summary>
        public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Makes <see cref="Modules.Adam"/> for one group; the names are not used.</summary>
        public static Adam Adam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters.Select(pair => pair.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Makes <see cref="Modules.Adam"/> for several groups.</summary>
        public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Makes <see cref="Modules.AdamW"/> for one group.</summary>
        public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Makes <see cref="Modules.AdamW"/> for one group; the names are not used.</summary>
        public static AdamW AdamW(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters.Select(pair => pair.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Makes <see cref="Modules.AdamW"/> for several groups.</summary>
        public static AdamW AdamW(IEnumerable<AdamW.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Makes <see cref="Modules.Adamax"/> for one group.</summary>
        public static Adamax Adamax(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
            => new(parameters, lr, beta1, beta2, eps, weight_decay);

        /// <summary>Makes <see cref="Modules.Adamax"/> for one group; the names are not used.</summary>
        public static Adamax Adamax(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
            => new(parameters.Select(pair => pair.parameter), lr, beta1, beta2, eps, weight_decay);

        /// <summary>Makes <see cref="Modules.Adamax"/> for several groups.</summary>
        public static Adamax Adamax(IEnumerable<Adamax.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
            => new(parameters, lr, beta1, beta2, eps, weight_decay);

        /// <summary>Makes <see cref="Modules.SGD"/> for one group.</summary>
        public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

        /// <summary>Makes <see cref="Modules.SGD"/> for one group; the names are not used.</summary>
        public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            => new(parameters.Select(pair => pair.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

        /// <summary>Makes <see cref="Modules.SGD"/> for several groups.</summary>
        public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

        /// <summary>Makes <see cref="Modules.RMSProp"/> for one group.</summary>
        public static RMSProp RMSProp(IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
            => new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

        /// <summary>Makes <see cref="Modules.RMSProp"/> for one group; the names are not used.</summary>
        public static RMSProp RMSProp(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
            => new(parameters.Select(pair => pair.parameter), lr, alpha, eps, weight_decay, momentum, centered, maximize);

        /// <summary>Makes <see cref="Modules.RMSProp"/> for several groups.</summary>
        public static RMSProp RMSProp(IEnumerable<RMSProp.ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
            => new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

        /// <summary>Makes <see cref="Modules.Adagrad"/> for one group.</summary>
        public static Adagrad Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
            => new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);

        /// <summary>Makes <see cref="Modules.Adagrad"/> for one group; the names are not used.</summary>
        public static Adagrad Adagrad(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
            => new(parameters.Select(pair => pair.parameter), lr, lr_decay, weight_decay, initial_accumulator_value, eps);

        /// <summary>Makes <see cref="Modules.Adagrad"/> for several groups.</summary>
        public static Adagrad Adagrad(IEnumerable<Adagrad.ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
            => new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);
    }
}
