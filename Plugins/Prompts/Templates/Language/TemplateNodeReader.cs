namespace DeltaTune.Prompts.Templates.Language;

/// <summary>Makes a piece of the keys and values between braces: one key says the kind, the others modify it.</summary>
internal sealed class TemplateNodeReader(TemplateSource source, int open, string prefix, IReadOnlyList<TemplateEntry> entries)
{
    /// <summary>More would fill any input, and most likely is a slip.</summary>
    private const int MostPositions = 1000;

    private static readonly string[] Kinds = ["placeholder", "meta", "mask", "soft", "special", "text"];

    private static readonly string[] Specials = ["cls", "sep", "pad", "bos", "eos", "unk"];

    // Which kinds each modifier goes with; add_prefix_space goes with all.
    private static readonly Dictionary<string, string[]> Modifiers = new(StringComparer.Ordinal)
    {
        ["soft_id"] = ["soft"],
        ["duplicate"] = ["soft"],
        ["same"] = ["soft"],
        ["add_prefix_space"] = Kinds,
        ["post_processing"] = ["placeholder", "meta"],
        ["shortenable"] = Kinds,
    };

    /// <summary>Reads the piece.</summary>
    /// <exception cref="InvalidRunException">A key or value is wrong, or they do not go together.</exception>
    public TemplateNode Read()
    {
        if (entries.Count == 0) { throw source.Mistake(open, "a piece in braces must have a key, such as {\"mask\"}, but is empty"); }
        string kind = Kind();
        Check(kind);
        string blank = Blank();
        bool? shortenable = Flag("shortenable");
        switch (kind)
        {
            case "placeholder":
                return new PlaceholderNode(Name("placeholder", "a field of the example, such as \"text_a\""), blank, shortenable ?? true, PostProcessing());
            case "meta":
                return new MetaNode(Name("meta", "something that the example tells, such as \"entity\""), blank, shortenable ?? false, PostProcessing());
            case "text":
                return new TextNode(Find("text") is { Value: string text } ? text : throw Wrong("text", "a text in quotes"), blank, shortenable ?? false);
        }

        if (shortenable == true)
        {
            throw source.Mistake(Find("shortenable")!.Value.ValueStart, $"only text can be cut, so a \"{kind}\" piece cannot be shortenable; leave the key out");
        }

        return kind switch
        {
            "mask" => Find("mask") is { Value: null } ? new MaskNode(blank) : throw Wrong("mask", "left out, as in {\"mask\"}"),
            "special" => new SpecialNode(Special(), blank),
            _ => Soft(blank),
        };
    }

    private string Kind()
    {
        List<TemplateEntry> named = [.. entries.Where(e => Kinds.Contains(e.Key))];
        if (named.Select(e => e.Key).Distinct().Count() > 1)
        {
            throw source.Mistake(named[1].KeyStart, $"a piece must be of one kind, but is \"{named[0].Key}\" and \"{named[1].Key}\"; write two pieces");
        }

        if (named.Count > 0) { return named[0].Key; }
        if (entries.Any(e => e.Key == "soft_id")) { return "soft"; } // a later use of a group needs no more
        TemplateEntry first = entries[0];
        throw Modifiers.ContainsKey(first.Key)
            ? source.Mistake(first.KeyStart, $"a piece must have one of the keys {List(Kinds)}, but \"{first.Key}\" stands alone")
            : Unknown(first);
    }

    private void Check(string kind)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (TemplateEntry entry in entries)
        {
            if (!seen.Add(entry.Key)) { throw source.Mistake(entry.KeyStart, $"a key must come once, but \"{entry.Key}\" comes again"); }
            if (entry.Key == kind) { continue; }
            if (!Modifiers.TryGetValue(entry.Key, out string[]? kinds)) { throw Unknown(entry); }
            if (!kinds.Contains(kind))
            {
                throw source.Mistake(entry.KeyStart, $"\"{entry.Key}\" must go with {List(kinds)}, but is in a \"{kind}\" piece");
            }
        }
    }

    private SoftNode Soft(string blank)
    {
        string text = Find("soft") switch { null or { Value: null } => "", { Value: string given } => given, _ => throw Wrong("soft", "a text in quotes, or left out") };
        int? id = Count("soft_id", int.MaxValue), duplicate = Count("duplicate", MostPositions);
        bool same = Flag("same") ?? false;
        if (text.Length > 0 && duplicate is not null)
        {
            throw source.Mistake(Find("duplicate")!.Value.KeyStart, "\"duplicate\" must go with a \"soft\" piece without text, but this one has a text, which makes a position a token");
        }

        if (same && duplicate is null)
        {
            throw source.Mistake(Find("same")!.Value.KeyStart, "\"same\" must go with \"duplicate\", whose positions then share one row");
        }

        return new SoftNode(text, blank, id, duplicate, same);
    }

    private string Special()
    {
        string given = Find("special") is { Value: string text } ? text : throw Wrong("special", "a text in quotes, such as \"<sep>\"");
        return Specials.FirstOrDefault(name => given == $"<{name}>") ?? throw source.Mistake(
            Find("special")!.Value.ValueStart,
            $"\"special\" must be one of {List(Specials.Select(name => $"<{name}>"))}, but is \"{given}\"" + (given == "<mask>" ? "; {\"mask\"} is the mask" : ""));
    }

    private string Name(string key, string example)
        => Find(key) is { Value: string { Length: > 0 } name } ? name : throw Wrong(key, example);

    private string? PostProcessing() => Find("post_processing") switch
    {
        null or { Value: null } => null,
        { Value: string { Length: > 0 } name } => name,
        _ => throw Wrong("post_processing", "the name of a text function in quotes, such as \"lower\""),
    };

    private string Blank() => Find("add_prefix_space") switch
    {
        null => prefix,
        { Value: string text } when text is "" or " " => text,
        _ => throw Wrong("add_prefix_space", "\" \" or \"\""),
    };

    private bool? Flag(string key) => Find(key) switch
    {
        null => null,
        { Value: bool flag } => flag,
        _ => throw Wrong(key, "True or False"),
    };

    private int? Count(string key, int most) => Find(key) switch
    {
        null or { Value: null } => null,
        { Value: int count } when count >= 1 && count <= most => count,
        _ => throw Wrong(key, most == int.MaxValue ? "a whole number of 1 or more" : $"a whole number from 1 to {most}"),
    };

    private TemplateEntry? Find(string key)
    {
        foreach (TemplateEntry entry in entries)
        {
            if (entry.Key == key) { return entry; }
        }

        return null;
    }

    private InvalidRunException Wrong(string key, string right)
    {
        TemplateEntry entry = Find(key)!.Value;
        string seen = entry.Value switch { null => "nothing", string text => $"\"{text}\"", bool flag => flag ? "True" : "False", object other => other.ToString()! };
        return source.Mistake(entry.ValueStart, $"\"{key}\" must be {right}, but is {seen}");
    }

    private InvalidRunException Unknown(TemplateEntry entry)
    {
        string[] all = [.. Kinds, .. Modifiers.Keys];
        string? nearest = NearestName.Find(entry.Key, all);
        return source.Mistake(entry.KeyStart, $"a key must be one of {List(all)}, but is \"{entry.Key}\"" + (nearest is null ? "" : $"; did you mean \"{nearest}\"?"));
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
