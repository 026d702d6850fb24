using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Tests.Runs;

/// <summary>Run files that are wrong in one way each, and the sentence that each gets.</summary>
internal sealed class WrongRunTests
{
    [TestCase("deltas[0].rank=0", "deltas[0].rank")]
    [TestCase("deltas[0].rnk=4", "deltas[0].rnk")]
    [TestCase("deltas[0].type=lroa", "deltas[0].type")]
    [TestCase("deltas[0].rank=96", "deltas[0].rank must be at most 32, the smaller side of site 'layers.0.attn.q' [32, 32], but is 96")]
    [TestCase("deltas[0].sites=atn.{q,v}", "deltas[0].sites 'atn.{q,v}' selects nothing in ")]
    [TestCase("backbone.path=nowhere", "backbone.path")]
    [TestCase("task.classes[2]={\"name\": \"neutral\"}", "task class 'neutral' must have words that the backbone's vocabulary can spell, but has 'neutral'")]
    [TestCase("template.text={\"mask\"} {\"mask", "template.text")]
    [TestCase("template.text={\"placeholder\": \"text_q\"} {\"mask\"}", "template")]
    [TestCase("template.text={\"placeholder\": \"text_a\"} it was", "template must have exactly one {\"mask\"} for the verbalizer 'manual', but has 0")]
    [TestCase("template.text={\"mask\"} {\"placeholder\": \"text_a\"} {\"mask\"}", "template must have exactly one {\"mask\"} for the verbalizer 'manual', but has 2")]
    [TestCase("template.text={\"meta\": \"kind\"} {\"mask\"}", "template.text column 1: every example must have the meta entry 'kind', but ")]
    [TestCase("template.text={\"special\": \"<bos>\"} {\"mask\"}", "template.text column 1: \"special\" must be one that the tokenizer of 'bert' has, <cls>, <sep>, <pad>, <unk>, but is \"<bos>\"")]
    [TestCase("template.text={\"placeholder\": \"text_a\"} {\"soft\"} {\"mask\"}", "template.text column 27: this template has no soft tokens; the templates 'mixed' and 'ptuning' have")]
    [TestCase("template={\"type\": \"mixed\", \"text\": \"{\\\"mask\\\"}\"}", "template.text must have a soft piece, such as {\"soft\"}, but has none; the template 'manual' needs none")]
    [TestCase("template.type=graph", "template.text")]
    [TestCase("training.learning_rate=-1", "training.learning_rate")]
    [TestCase("training.epochs=many", "training.epochs")]
    [TestCase("training.learning_rates={\"defalt\": 1e-3}", "training.learning_rates.defalt is no part of the run; nearest: 'default'")]
    [TestCase("training.learning_rates={\"composition\": 1e-3}", "training.learning_rates.composition is no part of the run")]
    [TestCase("training.learning_rates={\"template\": 0}", "training.learning_rates must be above 0 for 'template', but is 0")]
    [TestCase("training.weight_decays={\"verbalisers\": 0}", "training.weight_decays.verbalisers is no part of the run; nearest: 'verbalizer'")]
    [TestCase("training.weight_decays={\"template\": -1}", "training.weight_decays must be 0 or more for 'template', but is -1")]
    [TestCase("deltas[0].plus_ratio=0", "deltas[0].plus_ratio must be above 0, but is 0")]
    [TestCase("evaluation.splits=[\"tests\"]", "evaluation.splits")]
    public void Run_OfAWrongFile_SaysWhereItIsWrong(string set, string begins)
    {
        using var run = new TinyRun();

        InvalidRunException wrong = Assert.Throws<InvalidRunException>(() => run.Run("out", sets: [set]))!;

        Assert.That(wrong.Message, Does.StartWith(begins));
        Assert.That(wrong.Problems, Has.Count.EqualTo(1), wrong.Message);
    }

    [Test]
    public void Run_WithoutItsData_SaysWhereItWouldBe()
    {
        using var run = new TinyRun();

        InvalidRunException wrong = Assert.Throws<InvalidRunException>(() => run.Run("out", sets: ["task.data=nowhere"]))!;

        Assert.That(wrong.Message, Is.EqualTo($"{run.In("nowhere")} must be a folder with train.tsv.gz or train.tsv, but has neither"));
    }

    [Test]
    public void Prepare_WithTwoWrongParts_ReportsBoth()
    {
        using var run = new TinyRun();
        RunSpecWithout(run, out string bert);

        InvalidRunException wrong = Assert.Throws<InvalidRunException>(() => run.Run("out"))!;

        Assert.That(wrong.Problems, Has.Count.EqualTo(2), wrong.Message);
        Assert.That(wrong.Message, Does.Contain(bert).And.Contain("train.tsv"));
    }

    // Both the backbone's configuration and the training table are gone: found by two components, told together.
    private static void RunSpecWithout(TinyRun run, out string config)
    {
        config = "config.json";
        File.Delete(Path.Combine(run.In("bert"), config));
        File.Delete(run.In("data/train.tsv"));
        File.Delete(run.In("data/dev.tsv"));
    }
}
