using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>A class is as likely as the mapped state is similar to the meaning of the class's text: cos(W·h, t_c) / τ, with t_c the mean vector of the text's words.</summary>
/// <remarks>
/// Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision", §2.3, https://arxiv.org/abs/2103.00020, with word vectors in place of the text encoder. W is trained; the
/// texts' vectors are kept with it, and stay. Works on text and on graphs, for classes that are near in meaning and have few examples.
/// </remarks>
internal sealed class LabelTextVerbalizer : StateVerbalizer
{
    private readonly LabelTextVerbalizerOptions _options;
    private Linear? _map; // W, [size, features]

    /// <summary>Creates the verbalizer; vectors are read when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public LabelTextVerbalizer(LabelTextVerbalizerOptions options)
        : base("label-text")
        => _options = options;

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mapped = nn.functional.normalize(_map!.call(States.Read(hidden)), dim: 1), texts = nn.functional.normalize(get_buffer("texts")!, dim: 1);
        return nn.functional.linear(mapped, texts).div(_options.Temperature).MoveToOuterDisposeScope(); // [rows, classes]
    }

    /// <inheritdoc/>
    protected override StateReader Make(Backbone backbone, Template template, ITask task, Device device)
    {
        if (_options.Texts.Keys.FirstOrDefault(name => task.Classes.All(c => c.Name != name)) is { } unknown)
        {
            throw new InvalidRunException("verbalizer.texts", $"must name classes of the task ({string.Join(", ", task.Classes.Select(c => $"'{c.Name}'"))}), but names '{unknown}'");
        }

        StateReader states = StateReader.Create(backbone, template, _options.Input);
        float[][] texts = TextVectors.Read(_options.Vectors!, [.. task.Classes.Select(c => (c.Name, Text(c)))]);
        _map = nn.Linear(states.Features, texts[0].Length, hasBias: false, device: device);
        register_module("map", _map);
        register_buffer("texts", tensor(texts.SelectMany(t => t).ToArray(), device: device).view(texts.Length, -1)); // t, [classes, size]
        return states;
    }

    private string Text(ClassInfo info) => _options.Texts.TryGetValue(info.Name, out string? text) ? text : string.Join(' ', info.LabelWords.Append(info.Description));
}
