using DeltaTune.Host.Runs;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Runs;

internal sealed class RunFolderTests
{
    private static readonly JObject Run = new() { ["seed"] = 1, ["deltas"] = new JArray(new JObject { ["rank"] = 8 }) };

    [Test]
    public void Create_WhereARunIs_RefusesWithoutResumeOrForce()
    {
        using var temporary = new TemporaryFolder();
        string path = Path.Combine(temporary.Path, "run");
        RunFolder.Create(path, Run, resume: false, force: false).Begin();

        Assert.That(
            () => RunFolder.Create(path, Run, resume: false, force: false),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{path} holds a run that did not come to its end; go on with it with --resume, or replace it with --force"));
        Assert.That(() => RunFolder.Create(path, Run, resume: true, force: false), Throws.Nothing);
        Assert.That(() => RunFolder.Create(path, Run, resume: false, force: true), Throws.Nothing);
    }

    [Test]
    public void Open_OfAFolderOfRuns_NamesTheFirstFinishedOne()
    {
        using var temporary = new TemporaryFolder();
        temporary.Write("lora-1/run.json", "{}");
        temporary.Write("lora-2/run.json", "{}");
        temporary.Write("lora-2/metrics.json", "{}");

        Assert.That(
            () => RunFolder.Open(temporary.Path),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{temporary.Path} is no run's folder, but one of runs' folders; name one, such as '{Path.Combine(temporary.Path, "lora-2")}'"));
    }

    [Test]
    public void Create_WithoutBegin_LeavesNothingBehind()
    {
        using var temporary = new TemporaryFolder();
        string path = Path.Combine(temporary.Path, "run");

        RunFolder.Create(path, Run, resume: false, force: false);

        Assert.That(Directory.Exists(path), Is.False);
    }

    [Test]
    public void Create_ToResumeAnotherRunFile_NamesTheFirstDifference()
    {
        using var temporary = new TemporaryFolder();
        RunFolder.Create(temporary.Path, Run, resume: false, force: false).Begin();
        var other = (JObject)Run.DeepClone();
        other["deltas"]![0]!["rank"] = 4;

        Assert.That(
            () => RunFolder.Create(temporary.Path, other, resume: true, force: false),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{temporary.Path} cannot be resumed with another run file: deltas[0].rank is 8 in its run.json, but now 4"));
    }

    [Test]
    public void Create_WithForce_LeavesTheUsersFilesAlone()
    {
        using var temporary = new TemporaryFolder();
        RunFolder.Create(temporary.Path, Run, resume: false, force: false).Begin();
        temporary.Write("notes.txt", "mine");
        temporary.Write("metrics.jsonl", "{\"step\": 1}\n");

        RunFolder folder = RunFolder.Create(temporary.Path, Run, resume: false, force: true);

        Assert.That(File.Exists(Path.Combine(temporary.Path, "metrics.jsonl")), Is.True, "nothing goes before the run is known to fit");
        folder.Begin();
        Assert.That(File.ReadAllText(Path.Combine(temporary.Path, "notes.txt")), Is.EqualTo("mine"));
        Assert.That(File.Exists(Path.Combine(temporary.Path, "metrics.jsonl")), Is.False);
    }

    [Test]
    public void TruncateLog_AfterAKill_KeepsWholeLinesUpToTheStep()
    {
        using var temporary = new TemporaryFolder();
        RunFolder folder = RunFolder.Create(temporary.Path, Run, resume: false, force: false);
        string log = temporary.Write("metrics.jsonl", "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n{\"st");

        folder.TruncateLog(2);

        Assert.That(File.ReadAllText(log), Is.EqualTo("{\"step\":1}\n{\"step\":2}\n"));
    }

    [Test]
    public void Open_OfNoRun_SaysSo()
    {
        using var temporary = new TemporaryFolder();

        Assert.That(() => RunFolder.Open(temporary.Path), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{temporary.Path} is no run's folder: it has no run.json"));
    }

    [Test]
    public void DefaultPath_OfAName_HasNameAndTime()
        => Assert.That(RunFolder.DefaultPath("my run/1", new FixedTime()), Is.EqualTo(Path.Combine("runs", "my-run-1-20240229-130501")));

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2024, 2, 29, 13, 5, 1, TimeSpan.Zero);
    }
}
