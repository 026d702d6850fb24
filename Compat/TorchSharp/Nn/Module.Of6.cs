namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What is called with six inputs.</summary>
        public interface IModule<T1, T2, T3, T4, T5, T6, TResult>
        {
            /// <summary>Runs it, hooks included.</summary>
            TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6);
        }

        /// <summary>A module of six inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, T5, T6, TResult>
            : HookableModule<Func<Module<T1, T2, T3, T4, T5, T6, TResult>, T1, T2, T3, T4, T5, T6, (T1, T2, T3, T4, T5, T6)?>, Func<Module<T1, T2, T3, T4, T5, T6, TResult>, T1, T2, T3, T4, T5, T6, TResult, TResult>>, IModule<T1, T2, T3, T4, T5, T6, TResult>
        {
            /// <summary>Makes an empty module.</summary>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>Computes the result. Callers use <see cref="call"/>, so that hooks run.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6);

            /// <summary>Runs the hooks and <see cref="forward"/>.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6) => HasHooks ? CallWithHooks(input1, input2, input3, input4, input5, input6) : forward(input1, input2, input3, input4, input5, input6);

            private TResult CallWithHooks(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4, input5, input6) is { } changed)
                    {
                        (input1, input2, input3, input4, input5, input6) = changed;
                    }
                }
                TResult result = forward(input1, input2, input3, input4, input5, input6);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4, input5, input6, result) is { } changed)
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
