using DeltaTune.Files;

namespace DeltaTune.Tests.Files;

public sealed class AtomicFileTests
{
    private string _folder = "";
    private string _path = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("deltatune-").FullName;
        _path = Path.Combine(_folder, "result.json");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void WriteAllText_ExistingFile_IsReplacedWithoutByteOrderMark()
    {
        File.WriteAllText(_path, "a much longer text than the new one");

        AtomicFile.WriteAllText(_path, "né\n");

        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(new byte[] { (byte)'n', 0xC3, 0xA9, (byte)'\n' }));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { _path }));
    }

    [Test]
    public void Write_FailsHalfway_LeavesTheOldFileAndNothingElse()
    {
        File.WriteAllText(_path, "old");

        Assert.That(
            () => AtomicFile.Write(_path, stream =>
            {
                stream.WriteByte(1);
                throw new InvalidOperationException("no more");
            }),
            Throws.InvalidOperationException.With.Message.EqualTo("no more"));

        Assert.That(File.ReadAllText(_path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { _path }));
    }

    [Test]
    public async Task WriteAsync_CancelledWhileWriting_LeavesNothing()
    {
        using var source = new CancellationTokenSource();
        Task writing = AtomicFile.WriteAsync(
            _path,
            async (stream, _) =>
            {
                stream.WriteByte(1);
                await source.CancelAsync();
            },
            source.Token);

        Assert.That(async () => await writing, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
        await AtomicFile.WriteAllTextAsync(_path, "new", CancellationToken.None);
        Assert.That(await File.ReadAllTextAsync(_path), Is.EqualTo("new"));
    }

    [Test]
    public void Write_MissingFolder_Throws() =>
        Assert.That(() => AtomicFile.WriteAllText(Path.Combine(_folder, "absent", "file"), ""), Throws.InstanceOf<DirectoryNotFoundException>());
}
