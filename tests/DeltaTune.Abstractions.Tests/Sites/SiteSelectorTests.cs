using DeltaTune.Sites;

namespace DeltaTune.Abstractions.Tests.Sites;

[TestFixture]
public sealed class SiteSelectorTests
{
    [TestCase("attn.q", "0.attn.q 1.attn.q 2.attn.q")]
    [TestCase("attn.{q,v}", "0.attn.q 0.attn.v 1.attn.q 1.attn.v 2.attn.q 2.attn.v")]
    [TestCase("query", "0.attn.q 1.attn.q 2.attn.q", Description = "the checkpoint's name, as PEFT has it")]
    [TestCase("self.{query,value}, !layers[1-].**", "0.attn.q 0.attn.v")]
    [TestCase("uery", null, Description = "a suffix begins after a dot")]
    [TestCase("layers.1.attn.*", "1.attn.q 1.attn.k 1.attn.v 1.attn.out")]
    [TestCase("layers.1.**", "1.attn.q 1.attn.k 1.attn.v 1.attn.out 1.ffn.in 1.ffn.out")]
    [TestCase("*ue*", "0.attn.q 0.attn.v 1.attn.q 1.attn.v 2.attn.q 2.attn.v")]
    [TestCase("layers[0,2].ffn.{in,out}", "0.ffn.in 0.ffn.out 2.ffn.in 2.ffn.out")]
    [TestCase("layers[1-].ffn.in", "1.ffn.in 2.ffn.in")]
    [TestCase("layers[-1].ffn.in", "0.ffn.in 1.ffn.in")]
    [TestCase("encoder.layer[1-2].attention.self.query", "1.attn.q 2.attn.q")]
    [TestCase("layers.[ 0 - 1 , 2 ].attn.q", "0.attn.q 1.attn.q 2.attn.q")]
    [TestCase("{attn.{q,v},ffn.in} !layers[0,2].**", "1.attn.q 1.attn.v 1.ffn.in", Description = "nested braces with dots")]
    [TestCase("{layers[0,2].attn.q,layers[1].ffn.in}", "0.attn.q 1.ffn.in 2.attn.q", Description = "commas of a range within braces")]
    [TestCase("!attn.k attn.*", "0.attn.q 0.attn.v 0.attn.out 1.attn.q 1.attn.v 1.attn.out 2.attn.q 2.attn.v 2.attn.out")]
    [TestCase(@"re:layers\.[02]\.attn\.(q|k)", "0.attn.q 0.attn.k 2.attn.q 2.attn.k")]
    [TestCase(@"re:.*layer\.\d{1,2}\.attention\.self\.key", "0.attn.k 1.attn.k 2.attn.k", Description = "a comma in braces belongs to the expression")]
    [TestCase("re:attn", null, Description = "an expression must match the whole path")]
    [TestCase("ffn.in,\n  ffn.out\tpooler !layers[1-2].ffn.*", "0.ffn.in 0.ffn.out pooler")]
    [TestCase("all !layers.*.**", "pooler")]
    public void Select_Linear_GivesWhatTheLanguageSays(string text, string? expected)
    {
        SiteSelector selector = SiteSelector.Parse(text);

        string[] selected = [.. SiteLists.Bert(3).Where(s => s is LinearSite && selector.Selects(s)).Select(s => s.Path.Replace("layers.", "", StringComparison.Ordinal))];

        Assert.That(selected, Is.EqualTo(expected?.Split(' ') ?? []));
    }

    [Test]
    public void Select_AllLinear_LeavesThePoolerOut()
    {
        IReadOnlyList<LinearSite> selected = SiteSelector.Parse("all-linear").Select<LinearSite>(SiteLists.Bert(2), "sites", "bert-tiny");

        Assert.That(selected, Has.Count.EqualTo(12));
        Assert.That(selected.Select(s => s.Layer), Has.None.Null);
    }

    [Test]
    public void Select_Overlapping_GivesEachSiteOnceInTheBackbonesOrder()
    {
        IReadOnlyList<LinearSite> selected = SiteSelector.Parse("attn.v attn.q query").Select<LinearSite>(SiteLists.Bert(2), "sites", "bert-tiny");

        Assert.That(selected.Select(s => s.Path), Is.EqualTo(new[] { "layers.0.attn.q", "layers.0.attn.v", "layers.1.attn.q", "layers.1.attn.v" }));
    }

    [Test]
    public void Select_OtherKinds_ArePassedOver()
    {
        IReadOnlyList<ParameterSite> selected = SiteSelector.Parse("bias").Select<ParameterSite>(SiteLists.Bert(2), "sites", "bert-tiny");

        Assert.That(selected.Select(s => s.Path), Is.EqualTo(new[] { "embeddings.norm.bias", "layers.0.attn.q.bias" }));
    }

    [TestCase("atn.{q,v}", "deltas[0].sites 'atn.{q,v}' selects nothing in 'bert-tiny'; nearest: 'attn.q', 'attn.v' (13 sites in all, listed by `deltatune show`)")]
    [TestCase("self.querry", "deltas[0].sites 'self.querry' selects nothing in 'bert-tiny'; nearest: 'self.query' (13 sites in all, listed by `deltatune show`)")]
    [TestCase("layers[7-9].attn.q", "deltas[0].sites 'layers[7-9].attn.q' selects nothing in 'bert-tiny'; nearest: 'layers.1.attn.q' (13 sites in all, listed by `deltatune show`)")]
    [TestCase("layers.0.attn", "deltas[0].sites 'layers.0.attn' selects no site of the kind needed in 'bert-tiny', but stream 'layers.0.attn'; nearest: 'layers.0.attn.q', 'layers.0.attn.k', 'layers.0.attn.v' (13 sites in all, listed by `deltatune show`)")]
    [TestCase("attn.* !attn.{q,k,v,out}", "deltas[0].sites 'attn.* !attn.{q,k,v,out}' selects nothing in 'bert-tiny': what it selects, it excludes again")]
    public void Select_Nothing_NamesTheNearest(string text, string expected)
    {
        SiteSelector selector = SiteSelector.Parse(text, "deltas[0].sites");

        Assert.That(
            () => selector.Select<LinearSite>(SiteLists.Bert(2), "deltas[0].sites", "bert-tiny"),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(expected));
    }

    [Test]
    public void Select_OnePatternOfSeveralHitsNothing_IsAnErrorForThatOne()
    {
        SiteSelector selector = SiteSelector.Parse("attn.q, ffn.inn");

        Assert.That(
            () => selector.Select<LinearSite>(SiteLists.Bert(2), "sites", "bert-tiny"),
            Throws.TypeOf<InvalidRunException>().With.Message.StartsWith("sites 'ffn.inn' selects nothing in 'bert-tiny'; nearest: 'ffn.in'"));
    }

    [TestCase("", "sites must name at least one site, such as 'attn.{q,v}' or 'all-linear', but is empty")]
    [TestCase("attn.{q,v", "sites 'attn.{q,v' is no site selector: '{' is not closed at column 6")]
    [TestCase("attn.q}", "sites 'attn.q}' is no site selector: '}' closes no '{' at column 7")]
    [TestCase("layers[0-5.attn", "sites 'layers[0-5.attn' is no site selector: '[' is not closed at column 7")]
    [TestCase("layers[5-0].attn", "sites 'layers[5-0].attn' is no site selector: the range '5-0' runs backwards at column 8")]
    [TestCase("layers[1,x].attn", "sites 'layers[1,x].attn' is no site selector: 'x' is neither a number nor a range at column 10")]
    [TestCase("layers[].attn", "sites 'layers[].attn' is no site selector: a number is missing at column 8")]
    [TestCase("layers[{].attn", "sites 'layers[{].attn' is no site selector: '{' stands inside a '[' at column 8")]
    [TestCase("layers[0]x.attn", "sites 'layers[0]x.attn' is no site selector: a segment must end with its ']' at column 10")]
    [TestCase("attn..q", "sites 'attn..q' is no site selector: a segment is empty at column 6")]
    [TestCase("attn.(q|v)", "sites 'attn.(q|v)' is no site selector: '(' is no part of a path; begin a regular expression with 're:' at column 6")]
    [TestCase("attn.q !", "sites 'attn.q !' is no site selector: '!' stands alone, without the pattern that it excludes at column 8")]
    [TestCase("!attn.q", "sites '!attn.q' only excludes; say first what is selected, as in 'all, !attn.q'")]
    [TestCase(@"re:(?=a)b", @"sites 're:(?=a)b' is no site selector: the regular expression uses a look-around or a back reference, which a selector does not have at column 4")]
    [TestCase(@"q re:a\p", @"sites 'q re:a\p' is no site selector: the regular expression cannot be read (MalformedUnicodePropertyEscape) at column 9")]
    public void Parse_Wrong_NamesTheColumn(string text, string expected)
        => Assert.That(() => SiteSelector.Parse(text), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(expected));

    [Test]
    public void Parse_List_IsTheSameAsOneText()
    {
        SiteSelector selector = SiteSelector.Parse(["attn.q", "!layers[1-].**"], "sites");

        Assert.That(SiteLists.Bert(2).Where(s => s is LinearSite && selector.Selects(s)).Select(s => s.Path), Is.EqualTo(new[] { "layers.0.attn.q" }));
    }

    [Test]
    public void Explain_ShowsEachPatternsHits()
    {
        IReadOnlyList<PatternHits> hits = SiteSelector.Parse("attn.q nothing !layers.0.**").Explain(SiteLists.Bert(2), s => s is LinearSite);

        Assert.That(hits.Select(h => (h.Pattern, h.Excludes, h.Sites.Count)), Is.EqualTo(new[] { ("attn.q", false, 2), ("nothing", false, 0), ("!layers.0.**", true, 6) }));
    }
}
