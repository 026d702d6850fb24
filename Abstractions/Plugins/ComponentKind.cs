namespace DeltaTune;

/// <summary>The kinds of component that a run is composed of.</summary>
public enum ComponentKind
{
    /// <summary>A pretrained network, frozen by default.</summary>
    Backbone,

    /// <summary>A small trainable change attached to sites of a backbone.</summary>
    Delta,

    /// <summary>What turns an example into what the backbone reads.</summary>
    Template,

    /// <summary>What turns the backbone's answer into class scores.</summary>
    Verbalizer,

    /// <summary>Examples with splits, classes and a metric.</summary>
    Task,

    /// <summary>An objective that a backbone is pretrained with.</summary>
    Pretraining,
}
