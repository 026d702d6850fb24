using Newtonsoft.Json;

namespace DeltaTune.Options;

/// <summary>A component that another one's options name, such as the backbones that a backbone is made of: <c>{"type": "bert", "path": "..."}</c>.</summary>
/// <param name="Type">The component's name.</param>
/// <param name="Options">An instance of its options type; the run file's reader has checked it.</param>
/// <remarks>The property that holds it says with <see cref="ComponentOptionAttribute"/> of which kind it is. <see cref="IComponentCatalog.Create{T}"/> makes the component.</remarks>
[JsonConverter(typeof(ComponentChoiceConverter))]
public sealed record ComponentChoice(string Type, object Options);
