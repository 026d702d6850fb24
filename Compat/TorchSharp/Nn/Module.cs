using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: it owns parameters, buffers and other modules, each under a name.</summary>
        /// <remarks>What is registered leaves the dispose scope that it was made in, and lives until the module is disposed.</remarks>
        public partial class Module : IDisposable
        {
            /// <summary>The modules inside, by name, in the order of registration.</summary>
            protected OrderedDict<string, Module> _internal_submodules = new();

            /// <summary>The buffers with whether each is persistent (saved, enumerated), by name, in the order of registration.</summary>
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();

            /// <summary>The parameters, by name, in the order of registration.</summary>
            protected OrderedDict<string, Parameter> _internal_params = new();

            /// <summary>The module's name, for messages.</summary>
            protected string? name;

            private bool _componentsRegistered;
            private bool _training = true;
            private bool _disposed;

            /// <summary>Makes an empty module in training mode.</summary>
            protected Module(string name) => this.name = name;

            /// <summary>Gets whether the module is in training mode, where dropout drops and batch norm learns.</summary>
            public virtual bool training => _training;

            /// <summary>Gets the module's name.</summary>
            public virtual string GetName() => name ?? GetType().Name;

            /// <summary>Sets training or evaluation mode, here and in every module inside.</summary>
            public virtual void train(bool train = true)
            {
                _training = train;
                foreach ((_, Module child) in named_children())
                {
                    child.train(train);
                }
            }

            /// <summary>Sets evaluation mode, here and in every module inside.</summary>
            public virtual void eval() => train(false);

            /// <summary>Runs an action on every module inside, then on this one.</summary>
            /// <returns>This module.</returns>
            public virtual Module apply(Action<Module> fn)
            {
                ArgumentNullException.ThrowIfNull(fn);
                foreach ((_, Module child) in named_children())
                {
                    child.apply(fn);
                }
                fn(this);
                return this;
            }

            /// <summary>Drops the gradient of every parameter, or fills it with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach ((_, Parameter parameter) in named_parameters())
                {
                    GradientReset.Reset(parameter, set_to_none);
                }
            }

            /// <summary>Adds a module under a name; null removes the one there.</summary>
            /// <exception cref="ArgumentException">The name is empty or has a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                CheckName("module", name, _internal_submodules.ContainsKey(name));
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            /// <summary>Adds a module under a name: another word for <see cref="register_module"/>.</summary>
            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Adds a parameter under a name.</summary>
            /// <exception cref="ArgumentNullException">There is no parameter.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                CheckName("parameter", name, _internal_params.ContainsKey(name));
                _internal_params.Add(name, param);
                param.DetachFromDisposeScope();
            }

            /// <summary>Adds a buffer under a name: state that no optimiser touches.</summary>
            /// <param name="name">Its name.</param>
            /// <param name="tensor">The state; the module's from now on.</param>
            /// <param name="persistent">Whether it is enumerated and saved.</param>
            /// <exception cref="ArgumentNullException">There is no tensor.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                CheckName("buffer", name, _internal_buffers.ContainsKey(name));
                _internal_buffers.Add(name, (tensor, persistent));
                tensor.DetachFromDisposeScope();
            }

            /// <summary>Registers every field that holds a module, a parameter or a tensor (a buffer), in the order of declaration. A second call changes nothing.</summary>
            protected internal virtual void RegisterComponents()
            {
                if (_componentsRegistered)
                {
                    return;
                }
                _componentsRegistered = true;
                foreach (FieldInfo field in ComponentFields.Of(GetType()))
                {
                    string component = field.ComponentName();
                    if (_internal_submodules.ContainsKey(component) || _internal_params.ContainsKey(component) || _internal_buffers.ContainsKey(component))
                    {
                        continue;
                    }
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter: // before Tensor, which it derives from
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }
            }

            /// <summary>Registers, replaces or, for null, removes a parameter. A replaced one is not disposed.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                {
                    _internal_params.Remove(name);
                    return;
                }
                _internal_params[name] = value;
                value.DetachFromDisposeScope();
            }

            /// <summary>Registers, replaces or, for null, removes a parameter made from a tensor, which is emptied unless it is one already.</summary>
            protected void ConditionallyRegisterParameter(string name, Tensor value)
                => ConditionallyRegisterParameter(name, value is null ? null : value as Parameter ?? new Parameter(value));

            /// <summary>Registers, replaces or, for null, removes a buffer.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                {
                    _internal_buffers.Remove(name);
                    return;
                }
                _internal_buffers[name] = (value, persistent);
                value.DetachFromDisposeScope();
            }

            /// <summary>Forgets the modules inside, without disposing them.</summary>
            protected void ClearModules() => _internal_submodules.Clear();

            /// <summary>Disposes the parameters, the buffers and the modules inside.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the parameters, the buffers and the modules inside.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed)
                {
                    return;
                }
                _disposed = true;
                foreach (Parameter parameter in _internal_params.values())
                {
                    parameter.Dispose();
                }
                foreach ((Tensor buffer, _) in _internal_buffers.values())
                {
                    buffer.Dispose();
                }
                foreach (Module child in _internal_submodules.values())
                {
                    child.Dispose();
                }
            }

            private void CheckName(string kind, string component, bool taken)
            {
                if (string.IsNullOrEmpty(component) || component.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"{GetName()}: a {kind}'s name must be a word without a dot, but is '{component}'", nameof(component));
                }
                if (taken)
                {
                    throw new InvalidOperationException($"{GetName()}: a {kind} named '{component}' is already registered; remove it first or take another name");
                }
            }
        }
    }
}
