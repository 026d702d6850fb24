namespace DeltaTune.Backbones.Transformers;

/// <summary>Reads BERT from a Hugging Face folder, whatever task its checkpoint was saved for.</summary>
public sealed class BertLoader : BackboneLoader
{
    private readonly EncoderFolder _folder;

    /// <summary>Names the folder; nothing is read yet.</summary>
    /// <param name="options">The settings.</param>
    public BertLoader(BertOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _folder = new EncoderFolder(EncoderFamily.Bert, options.Path);
    }

    /// <inheritdoc/>
    public override BackboneDescription Describe() => _folder.Describe();

    /// <inheritdoc/>
    public override Backbone Load() => _folder.Load();
}
