using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Enumerates the parameters with their dotted names, own ones first; one that is shared comes once, under its first name.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach ((string own, Parameter parameter) in _internal_params)
                {
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                    {
                        yield return (own, parameter);
                    }
                }
                if (!recurse)
                {
                    yield break;
                }
                foreach ((string child, Module module) in _internal_submodules)
                {
                    foreach ((string inner, Parameter parameter) in module.named_parameters(true))
                    {
                        if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                        {
                            yield return ($"{child}.{inner}", parameter);
                        }
                    }
                }
            }

            /// <summary>Enumerates the persistent buffers with their dotted names, own ones first.</summary>
            /// <param name="recurse">Whether to include those of the modules inside.</param>
            /// <param name="include_nonpersistent">Without effect, as in the package: buffers that are not persistent never come.</param>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach ((string own, (Tensor buffer, bool persistent)) in _internal_buffers)
                {
                    if (persistent && !buffer.IsInvalid && seen.Add(buffer.Handle))
                    {
                        yield return (own, buffer);
                    }
                }
                if (!recurse)
                {
                    yield break;
                }
                foreach ((string child, Module module) in _internal_submodules)
                {
                    foreach ((string inner, Tensor buffer) in module.named_buffers(true))
                    {
                        if (!buffer.IsInvalid && seen.Add(buffer.Handle))
                        {
                            yield return ($"{child}.{inner}", buffer);
                        }
                    }
                }
            }

            /// <summary>Enumerates the parameters.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            /// <summary>Enumerates the persistent buffers.</summary>
            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true)
                => named_buffers(recurse, include_nonpersistent).Select(pair => pair.buffer);

            /// <summary>Enumerates the modules directly inside.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children()
            {
                foreach ((string child, Module module) in _internal_submodules)
                {
                    yield return (child, module);
                }
            }

            /// <summary>Enumerates all modules inside with their dotted names: the direct ones first, then what each holds. This module itself is not among them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string child, Module module) in _internal_submodules)
                {
                    yield return (child, module);
                }
                foreach ((string child, Module module) in _internal_submodules)
                {
                    foreach ((string inner, Module nested) in module.named_modules())
                    {
                        yield return ($"{child}.{inner}", nested);
                    }
                }
            }

            /// <summary>Enumerates the modules directly inside.</summary>
            public virtual IEnumerable<Module> children() => named_children().Select(pair => pair.module);

            /// <summary>Enumerates all modules inside.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(pair => pair.module);

            /// <summary>Gets the parameter at a dotted name, or null.</summary>
            public virtual Parameter? get_parameter(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return _internal_params.TryGetValue(target, out Parameter? own) ? own
                    : Inside(target) is var (child, rest) ? child.get_parameter(rest)
                    : null;
            }

            /// <summary>Gets the buffer at a dotted name, or null.</summary>
            public virtual Tensor? get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return _internal_buffers.TryGetValue(target, out (Tensor Buffer, bool Persistent) own) ? own.Buffer
                    : Inside(target) is var (child, rest) ? child.get_buffer(rest)
                    : null;
            }

            /// <summary>Tells whether there is a parameter at a dotted name.</summary>
            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            /// <summary>Tells whether there is a buffer at a dotted name.</summary>
            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            // "encoder.layer.0.weight" -> (module "encoder", "layer.0.weight")
            private (Module Child, string Remainder)? Inside(string target)
            {
                int dot = target.IndexOf('.', StringComparison.Ordinal);
                if (dot < 0)
                {
                    return null;
                }
                string first = target[..dot];
                foreach ((string child, Module module) in named_children())
                {
                    if (child == first)
                    {
                        return (module, target[(dot + 1)..]);
                    }
                }
                return null;
            }
        }
    }
}
