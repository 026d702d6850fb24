namespace DeltaTune.Golden;

/// <summary>A folder that goes when it is disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("deltatune-golden-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
