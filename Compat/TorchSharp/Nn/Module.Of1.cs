namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What is called with one input.</summary>
        public interface IModule<T, TResult>
        {
            /// <summary>Runs it, hooks included.</summary>
            TResult call(T input1);
        }

        /// <summary>A module of one input.</summary>
        public abstract class Module<T, TResult>
            : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            /// <summary>Makes an empty module.</summary>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>Computes the result. Callers use <see cref="call"/>, so that hooks run.</summary>
            public abstract TResult forward(T input);

            /// <summary>Runs the hooks and <see cref="forward"/>.</summary>
            public TResult call(T input) => HasHooks ? CallWithHooks(input) : forward(input);

            private TResult CallWithHooks(T input)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input) is { } changed)
                    {
                        input = changed;
                    }
                }
                TResult result = forward(input);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input, result) is { } changed)
                    {
                        result = changed;
                    }
                }
                RunModuleHooks(module_post_hooks);
                return result;
            }
        }
    }
}
