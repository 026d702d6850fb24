using DeltaTune.Host.Options;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Options;

internal sealed class RunOverridesTests
{
    [TestCase("seed=7", """{"deltas":[{"rank":8}],"seed":7}""")]
    [TestCase("deltas[0].rank=4", """{"deltas":[{"rank":4}]}""")]
    [TestCase("deltas[1].type=lora", """{"deltas":[{"rank":8},{"type":"lora"}]}""")]
    [TestCase("deltas[0].sites[0]=attn.{q,v}", """{"deltas":[{"rank":8,"sites":["attn.{q,v}"]}]}""")]
    [TestCase("training.learning_rate=1e-4", """{"deltas":[{"rank":8}],"training":{"learning_rate":0.0001}}""")]
    [TestCase("task.labels=[\"a\",\"b\"]", """{"deltas":[{"rank":8}],"task":{"labels":["a","b"]}}""")]
    [TestCase("name=\"7\"", """{"deltas":[{"rank":8}],"name":"7"}""")]
    [TestCase("name=", """{"deltas":[{"rank":8}],"name":""}""")]
    [TestCase("name=a=b", """{"deltas":[{"rank":8}],"name":"a=b"}""")]
    [TestCase("name=4 seeds", """{"deltas":[{"rank":8}],"name":"4 seeds"}""")]
    [TestCase("deltas[0].rank_pattern['a.b']=2", """{"deltas":[{"rank":8,"rank_pattern":{"a.b":2}}]}""")]
    public void Apply_Assignment_EditsTheFile(string assignment, string expected)
    {
        var problems = new List<RunProblem>();
        JObject root = JObject.Parse("""{"deltas":[{"rank":8}]}""");

        RunOverrides.Apply(root, assignment, problems);

        Assert.That(problems, Is.Empty);
        Assert.That(root.ToString(Formatting.None), Is.EqualTo(expected));
    }

    [TestCase("rank", "--set 'rank' must be a path, '=' and a value, such as deltas[0].rank=4")]
    [TestCase("deltas[3].rank=4", "--set 'deltas[3].rank=4' names deltas[3], but deltas has 1 entry; [1] would append one")]
    [TestCase("deltas.rank=4", "--set 'deltas.rank=4' looks for the key 'rank' in deltas, but that is [{\"rank\":8}]")]
    [TestCase("deltas[0].rank.x=4", "--set 'deltas[0].rank.x=4' looks for the key 'x' in deltas[0].rank, but that is 8")]
    [TestCase("[0]=4", "--set '[0]=4' names no place: '[0]' must be keys with dots and indices between, such as deltas[0].rank")]
    [TestCase("a..b=4", "--set 'a..b=4' names no place: 'a..b' must be keys with dots and indices between, such as deltas[0].rank")]
    public void Apply_WrongAssignment_TellsWhy(string assignment, string expected)
    {
        var problems = new List<RunProblem>();

        RunOverrides.Apply(JObject.Parse("""{"deltas":[{"rank":8}]}"""), assignment, problems);

        Assert.That(problems.Select(p => p.ToString()), Is.EqualTo(new[] { expected }));
    }
}
