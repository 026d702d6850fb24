namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed. Hooks fire through <c>call</c> alone, never through <c>forward</c>.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            /// <summary>Hooks that run before <c>forward</c>, in the order of registration.</summary>
            protected Dictionary<string, TPreHook> pre_hooks = [];

            /// <summary>Hooks that run after <c>forward</c>, in the order of registration.</summary>
            protected Dictionary<string, TPostHook> post_hooks = [];

            /// <summary>Hooks that run before <c>forward</c> and see the module alone.</summary>
            protected Dictionary<string, Action<Module>> module_pre_hooks = [];

            /// <summary>Hooks that run after <c>forward</c> and see the module alone.</summary>
            protected Dictionary<string, Action<Module>> module_post_hooks = [];

            private long _nextKey;

            /// <summary>Makes a module without hooks.</summary>
            protected HookableModule(string name)
                : base(name)
            {
            }

            // Looked at once a call, so that a module without hooks costs a few loads.
            private protected bool HasHooks => (pre_hooks.Count | post_hooks.Count | module_pre_hooks.Count | module_post_hooks.Count) != 0;

            /// <summary>Adds a hook that may replace the result; null from it keeps the result.</summary>
            public HookRemover register_forward_hook(TPostHook hook) => Register(post_hooks, hook);

            /// <summary>Adds a hook that runs after <c>forward</c>.</summary>
            public HookRemover register_forward_hook(Action<Module> hook) => Register(module_post_hooks, hook);

            /// <summary>Adds a hook that may replace the inputs; null from it keeps them.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(pre_hooks, hook);

            /// <summary>Adds a hook that runs before <c>forward</c>.</summary>
            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(module_pre_hooks, hook);

            private protected void RunModuleHooks(Dictionary<string, Action<Module>> hooks)
            {
                foreach (Action<Module> hook in hooks.Values)
                {
                    hook(this);
                }
            }

            private HookRemover Register<T>(Dictionary<string, T> hooks, T hook)
            {
                ArgumentNullException.ThrowIfNull(hook);
                string key = (_nextKey++).ToString(System.Globalization.CultureInfo.InvariantCulture);
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            private void Remove(string key)
            {
                pre_hooks.Remove(key);
                post_hooks.Remove(key);
                module_pre_hooks.Remove(key);
                module_post_hooks.Remove(key);
            }

            /// <summary>Takes one hook away again.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> _module;
                private readonly string _key;

                /// <summary>Remembers which hook of which module.</summary>
                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
                {
                    _module = module;
                    _key = key;
                }

                /// <summary>Removes the hook; a second call does nothing.</summary>
                public void remove() => _module.Remove(_key);
            }
        }
    }
}
