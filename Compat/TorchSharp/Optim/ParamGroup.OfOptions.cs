namespace TorchSharp.Modules;

/// <summary>Parameters that share their settings, for one kind of optimiser.</summary>
public class ParamGroup<TOptions> : ParamGroup
    where TOptions : OptimizerOptions
{
    /// <summary>Makes an empty group.</summary>
    public ParamGroup()
    {
    }

    /// <summary>Makes a group.</summary>
    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        base.Parameters = [.. parameters]; // enumerated once, not at every step
        base.Options = options!;
    }

    /// <summary>Gets or sets the settings.</summary>
    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
