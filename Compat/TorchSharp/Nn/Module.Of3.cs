namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What is called with three inputs.</summary>
        public interface IModule<T1, T2, T3, TResult>
        {
            /// <summary>Runs it, hooks included.</summary>
            TResult call(T1 input1, T2 input2, T3 input3);
        }

        /// <summary>A module of three inputs.</summary>
        public abstract class Module<T1, T2, T3, TResult>
            : HookableModule<Func<Module<T1, T2, T3, TResult>, T1, T2, T3, (T1, T2, T3)?>, Func<Module<T1, T2, T3, TResult>, T1, T2, T3, TResult, TResult>>, IModule<T1, T2, T3, TResult>
        {
            /// <summary>Makes an empty module.</summary>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>Computes the result. Callers use <see cref="call"/>, so that hooks run.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            /// <summary>Runs the hooks and <see cref="forward"/>.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3) => HasHooks ? CallWithHooks(input1, input2, input3) : forward(input1, input2, input3);

            private TResult CallWithHooks(T1 input1, T2 input2, T3 input3)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input1, input2, input3) is { } changed)
                    {
                        (input1, input2, input3) = changed;
                    }
                }
                TResult result = forward(input1, input2, input3);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, result) is { } changed)
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
