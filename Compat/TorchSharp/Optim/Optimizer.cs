using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters by their gradients.</summary>
        public abstract partial class Optimizer : IDisposable
        {
            /// <summary>The groups of parameters, each with its own settings.</summary>
            protected IList<ParamGroup> _parameter_groups = [];

            /// <summary>Makes an optimiser without parameters.</summary>
            /// <param name="handle">Without meaning here: no native optimiser stands behind this one.</param>
            protected Optimizer(nint handle) => _ = handle;

            /// <summary>Gets the groups, for schedules.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            /// <summary>Enumerates the parameters of all groups.</summary>
            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            /// <summary>Changes every parameter that has a gradient.</summary>
            /// <param name="closure">Computes the loss and its gradients first, when given.</param>
            /// <returns>What the closure returned, or null.</returns>
            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotSupportedException($"{GetType().Name} has no step of its own");

            /// <summary>Fills every gradient with zeros.</summary>
            public virtual void zero_grad()
            {
                foreach (Parameter parameter in parameters())
                {
                    GradientReset.Reset(parameter, setToNone: false);
                }
            }

            /// <summary>Adds a group of parameters.</summary>
            public virtual void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

            /// <summary>Disposes the optimiser's state. The parameters stay.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the optimiser's state. The parameters stay.</summary>
            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>What an optimiser has to remember between runs: settings by group, state by parameter.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                /// <summary>Gets the settings of each group.</summary>
                public List<OptimizerOptions> Options { get; } = [];

                /// <summary>Gets the state of each parameter.</summary>
                public List<OptimizerState> State { get; } = [];

                /// <summary>Gets, for each group, the places of its parameters' states in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
