namespace DeltaTune.Backbones.Transformers;

/// <summary>Reads BERT from a Hugging Face folder, whatever task its checkpoint was saved for, or draws an untrained one.</summary>
public sealed class BertLoader : BackboneLoader
{
    private readonly EncoderFolder _folder;

    /// <summary>Names the folder; nothing is read yet.</summary>
    /// <param name="options">The settings.</param>
    public BertLoader(BertOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _folder = new EncoderFolder(EncoderFamily.Bert, options.Path, options.Seed is null ? null : new EncoderUntrained(options));
    }

    /// <inheritdoc/>
    public override BackboneDescription Describe() => _folder.Describe();

    /// <inheritdoc/>
    public override Backbone Load() => _folder.Load();
}
