namespace DeltaTune.Architecture.Tests.Api;

/// <summary>PublicApi.txt beside each project says what it shows to others, so that every change of it stands in a diff.</summary>
public sealed class PublicApiTests
{
    private const string Rewrite = "DELTATUNE_WRITE_API";

    [TestCaseSource(nameof(Projects))]
    public void PublicApi_OfProject_IsAsRecorded(string project)
    {
        string path = Path.Combine(Repository.Root, project, "PublicApi.txt");
        string[] actual = [$"# The public and protected members of this project. {Rewrite}=1 ./test PublicApi writes this file anew.", .. ApiListing.Of(Repository.Projects[project])];
        if (Environment.GetEnvironmentVariable(Rewrite) is { Length: > 0 })
        {
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
        }

        string[] recorded = File.Exists(path) ? File.ReadAllLines(path) : [];

        Assert.That(actual, Is.EqualTo(recorded), () => $"{project}/PublicApi.txt differs; {Rewrite}=1 ./test PublicApi accepts what is meant:\n{Difference(recorded, actual)}");
    }

    private static IEnumerable<string> Projects() => Repository.Projects.Keys;

    // Members go with their type, since the same line may stand under several.
    private static string Difference(string[] recorded, string[] actual)
    {
        string[] before = [.. Qualified(recorded)], after = [.. Qualified(actual)];
        return string.Join('\n', before.Except(after).Select(static l => "- " + l).Concat(after.Except(before).Select(static l => "+ " + l)));
    }

    private static IEnumerable<string> Qualified(string[] lines)
    {
        string type = "";
        foreach (string line in lines)
        {
            type = line.StartsWith(' ') ? type : line;
            yield return line.StartsWith(' ') ? $"{type} :: {line.Trim()}" : line;
        }
    }
}
