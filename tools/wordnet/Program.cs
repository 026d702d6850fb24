using DeltaTune.Prompts.Knowledge;
using DeltaTune.Tools.WordNet;

// dotnet run --project tools/wordnet -- [SOURCE_FOLDER [OUT_FOLDER]] [--corpus] [--relations] [--graph]
string[] folders = [.. args.Where(a => !a.StartsWith('-'))];
string[] unknown = [.. args.Where(a => a.StartsWith('-') && a is not ("--corpus" or "--relations" or "--graph"))];
if (unknown.Length > 0 || folders.Length > 2)
{
    Console.Error.WriteLine("usage: dotnet run --project tools/wordnet -- [SOURCE_FOLDER [OUT_FOLDER]] [--corpus] [--relations] [--graph]");
    return 2;
}

string source = folders.Length > 0 ? folders[0] : "/usr/share/wordnet";
string output = folders.Length > 1 ? folders[1] : Path.Combine("data", "wordnet");
try
{
    List<Synset> synsets = WordNetReader.ReadAll(source);
    var splits = new LemmaSplits([.. synsets.Where(s => s.IsNoun)]);
    Directory.CreateDirectory(output);
    var tables = new List<Synset>();
    foreach ((string split, int rows) in (ReadOnlySpan<(string, int)>)[("train", 20_000), ("dev", 2_000), ("test", 4_000)])
    {
        List<Synset> chosen = SupersenseTable.Choose([.. splits.In(split)], rows);
        ReproducibleGzip.WriteLines(Path.Combine(output, $"supersense.{split}.tsv.gz"), chosen.Select(SupersenseTable.Line));
        tables.AddRange(chosen);
        Console.WriteLine($"{split}: {chosen.Count} of {splits.In(split).Count()} noun synsets");
    }

    if (args.Contains("--corpus"))
    {
        int lines = ReproducibleGzip.WriteLines(Path.Combine(output, "glosses.txt.gz"), GlossCorpus.Lines(synsets, splits));
        Console.WriteLine($"corpus: {lines} of {synsets.Count} synsets");
    }

    if (args.Contains("--relations"))
    {
        // Both read the same lines in the same order. What kind of thing a noun of the task's dev and test is may not be found by way of its label words.
        int lines = ReproducibleGzip.WriteLines(
            Path.Combine(output, WordNetIndex.FileName), WordNetIndex.Lines(WordNetDict.Read(source), i => !synsets[i].IsNoun || !splits.TouchesHeldOut(synsets[i])));
        Console.WriteLine($"relations: {lines} of {synsets.Count} synsets");
    }

    if (args.Contains("--graph"))
    {
        int lines = ReproducibleGzip.WriteLines(Path.Combine(output, "graph.tsv.gz"), SynsetGraph.Lines(synsets, WordNetDict.Read(source), tables));
        Console.WriteLine($"graph: {lines} of {synsets.Count} synsets");
    }

    return 0;
}
catch (Exception mistake) when (mistake is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
