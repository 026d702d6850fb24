namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A dictionary of a pickle, in the order in which its items were set. Keys may be of any kind, so nothing is hashed.</summary>
internal sealed class PickleDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>Finds the last item set under a text.</summary>
    public object? Find(string key) => Items.FindLast(item => item.Key is string text && text == key).Value;
}
