using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the optimisers have in common: groups, state by parameter, saving.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    /// <summary>Settings for what a group leaves open.</summary>
    protected OptimizerOptions _defaults = null!;

    /// <summary>State by the parameter's handle.</summary>
    protected OrderedDict<nint, OptimizerState> _state = new();

    /// <summary>Makes an optimiser without parameters.</summary>
    public OptimizerHelper()
        : base(0)
    {
    }

    /// <inheritdoc/>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        param_group.Parameters = [.. param_group.Parameters]; // enumerated once, not at every step
        if (param_group.Options.InitialLearningRate == 0)
        {
            param_group.Options.InitialLearningRate = param_group.LearningRate;
        }
        base.add_param_group(param_group);
    }

    /// <summary>Gathers settings and state. They are the live ones, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (ParamGroup group in _parameter_groups)
        {
            List<int> places = [];
            foreach (Parameter parameter in group.Parameters)
            {
                places.Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter.Handle]);
            }
            dictionary.Options.Add(group.Options);
            dictionary.StateIndexRef.Add(places);
        }
        return dictionary;
    }

    /// <summary>Takes over settings and state, group by group and parameter by parameter in their order.</summary>
    /// <exception cref="ArgumentException">The groups or the parameters differ in number.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        StateDictionary own = this.state_dict();
        CheckCount("groups", own.Options.Count, state_dict.Options.Count);
        for (int group = 0; group < own.Options.Count; group++)
        {
            CheckCount($"parameters in group {group}", own.StateIndexRef[group].Count, state_dict.StateIndexRef[group].Count);
        }
        for (int group = 0; group < own.Options.Count; group++)
        {
            own.Options[group].LoadStateDict(state_dict.Options[group]);
            for (int place = 0; place < own.StateIndexRef[group].Count; place++)
            {
                OptimizerState source = state_dict.State[state_dict.StateIndexRef[group][place]];
                own.State[own.StateIndexRef[group][place]].LoadStateDict(source);
            }
        }
    }

    /// <summary>Writes settings and state to a file, in a format of this provider alone.</summary>
    public void save_state_dict(string location)
    {
        using FileStream stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    /// <summary>Writes settings and state, in a format of this provider alone.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        StateDictionary own = state_dict();
        writer.Write(own.Options.Count);
        for (int group = 0; group < own.Options.Count; group++)
        {
            own.Options[group].SaveStateDict(writer);
            writer.Write(own.StateIndexRef[group].Count);
            foreach (int place in own.StateIndexRef[group])
            {
                own.State[place].SaveStateDict(writer);
            }
        }
    }

    /// <summary>Reads what <see cref="save_state_dict(string)"/> wrote.</summary>
    public void load_state_dict(string location)
    {
        using FileStream stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote.</summary>
    public void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        StateDictionary own = state_dict();
        CheckCount("groups", own.Options.Count, reader.ReadInt32());
        for (int group = 0; group < own.Options.Count; group++)
        {
            own.Options[group].LoadStateDict(reader);
            CheckCount($"parameters in group {group}", own.StateIndexRef[group].Count, reader.ReadInt32());
            foreach (int place in own.StateIndexRef[group])
            {
                own.State[place].LoadStateDict(reader);
            }
        }
    }

    /// <summary>Moves the state to a device.</summary>
    public void to(Device device)
    {
        foreach (OptimizerState state in _state.values())
        {
            state.to(device);
        }
    }

    /// <summary>Runs the closure with gradients on, then the body for each group with gradients off.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null)
        where T : ParamGroup
    {
        ArgumentNullException.ThrowIfNull(body);
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using IDisposable recording = enable_grad();
            loss = loss_closure();
        }
        using IDisposable mode = no_grad();
        foreach (ParamGroup group in _parameter_groups)
        {
            body((T)group);
        }
        return loss;
    }

    private protected void DisposeState()
    {
        foreach (OptimizerState state in _state.values())
        {
            (state as IDisposable)?.Dispose();
        }
        _state.Clear();
    }

    // A scope for each parameter: what a step makes on the way is gone before the next parameter's turn.
    private protected void ForEachGradient<TState>(ParamGroup group, Action<Parameter, Tensor, TState> change)
        where TState : OptimizerState
    {
        foreach (Parameter parameter in group.Parameters)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor? gradient = parameter.grad;
            if (gradient is null)
            {
                continue;
            }
            if (!_state.TryGetValue(parameter.Handle, out OptimizerState? state))
            {
                throw new KeyNotFoundException(
                    $"{GetType().Name}: a parameter of shape [{string.Join(", ", parameter.shape)}] is not the one that the optimiser was built with; build the optimiser after moving the module");
            }
            change(parameter, gradient, (TState)state);
        }
    }

    private void CheckCount(string what, int own, int other)
    {
        if (own != other)
        {
            throw new ArgumentException($"{GetType().Name}: the state to load must have {own} {what}, but has {other}");
        }
    }
}
