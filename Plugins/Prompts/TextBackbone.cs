using DeltaTune.Backbones;
using DeltaTune.Sites;
using DeltaTune.Text;
using static TorchSharp.torch;

namespace DeltaTune.Prompts;

/// <summary>What templates and verbalizers of text ask of a backbone.</summary>
internal static class TextBackbone
{
    /// <summary>Gets the tokenizer.</summary>
    /// <param name="backbone">Should read text.</param>
    /// <param name="path">The component's place in the run file.</param>
    /// <param name="component">Its name, for the message.</param>
    /// <exception cref="InvalidRunException">The backbone does not read text.</exception>
    public static ITokenizer Tokenizer(Backbone backbone, string path, string component)
        => backbone.InputEncoder is TextInputEncoder encoder
            ? encoder.Tokenizer
            : throw new InvalidRunException(path, $"must suit the backbone: '{component}' works on text, but '{backbone.Description.Family}' reads graphs; a backbone of text would do");

    /// <summary>Gets the table of token embeddings, <c>[vocab, hidden]</c>; the backbone's, not to be disposed.</summary>
    /// <exception cref="InvalidRunException">The backbone shows no such table.</exception>
    public static Tensor TokenTable(Backbone backbone, string path)
    {
        string name = backbone.Embeddings.Path + ".weight";
        return backbone.Sites.OfType<ParameterSite>().FirstOrDefault(site => site.Path == name)?.Value
            ?? throw new InvalidRunException(path, $"cannot start from the vocabulary: '{backbone.Description.Family}' has no parameter site '{name}'; start at random instead");
    }

    /// <summary>Gets where the backbone's parameters are.</summary>
    public static Device DeviceOf(Backbone backbone) => backbone.parameters().FirstOrDefault()?.device ?? CPU;
}
