using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Pretraining;
using DeltaTune.Text;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Pretrains a BERT encoder to predict masked words, into a Hugging Face folder.</summary>
/// <remarks>
/// Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers", §3.1, https://arxiv.org/abs/1810.04805. Differs from it: no
/// next-sentence prediction (as RoBERTa), rows packed from whole lines, words masked anew in every epoch.
/// </remarks>
internal sealed class MaskedLanguagePretraining(MlmOptions options) : PretrainingObjective
{
    /// <inheritdoc/>
    public override void Check()
    {
        List<RunProblem> problems = [.. options.Corpus
            .Select((file, index) => (file.Path, Place: $"corpus[{index}].path"))
            .Where(file => !File.Exists(file.Path))
            .Select(file => new RunProblem(file.Place, $"must be a text file, plain or .gz, but there is none at '{file.Path}'"))];
        if (options.Tokenizer.Length > 0 && !Directory.Exists(options.Tokenizer))
        {
            problems.Add(new RunProblem("tokenizer", $"must be a folder with tokenizer files, but there is none at '{options.Tokenizer}'"));
        }

        if (problems.Count > 0)
        {
            throw new InvalidRunException(problems);
        }
    }

    /// <inheritdoc/>
    public override PretrainingProgress Run(PretrainingJob job, IProgress<PretrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        Check();
        string work = Path.Combine(job.Folder, "training");
        Directory.CreateDirectory(work);
        ITokenizer tokenizer = OpenTokenizer(job.Folder, cancellationToken);
        CheckTokenizer(tokenizer);
        TokenCorpus corpus = TokenCorpus.Open(
            Path.Combine(work, "corpus.bin"), [.. options.Corpus.Select(file => file.Path)], tokenizer, options.MaxLength, cancellationToken);
        using var trainer = new MlmTrainer(options, job, tokenizer, corpus);
        return trainer.Run(progress, cancellationToken);
    }

    private ITokenizer OpenTokenizer(string folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(folder, "vocab.txt")))
        {
            if (options.Tokenizer.Length > 0)
            {
                CopyTokenizer(folder);
            }
            else
            {
                IReadOnlyList<string> vocabulary = WordPieceTrainer.Train(
                    options.Corpus.SelectMany(file => CorpusLines.Read(file.Path)),
                    new WordPieceTrainerOptions { VocabularySize = options.VocabularySize },
                    cancellationToken);
                WordPieceTrainer.Save(folder, vocabulary);
            }
        }

        return TokenizerLoader.Load(folder);
    }

    private void CopyTokenizer(string folder)
    {
        string[] names = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"]; // vocab.txt last: it says that all is there
        foreach (string name in names.Where(name => File.Exists(Path.Combine(options.Tokenizer, name))))
        {
            File.Copy(Path.Combine(options.Tokenizer, name), Path.Combine(folder, name), overwrite: true);
        }
    }

    private static void CheckTokenizer(ITokenizer tokenizer)
    {
        SpecialTokens special = tokenizer.Special;
        if (special.Cls is null || special.Sep is null || special.Pad is null || special.Mask is null)
        {
            throw new InvalidRunException("tokenizer", "must have the tokens [CLS], [SEP], [PAD] and [MASK], but lacks one of them");
        }

        if (tokenizer.VocabularySize > ushort.MaxValue)
        {
            throw new InvalidRunException("tokenizer", $"must have at most {ushort.MaxValue} tokens, but has {tokenizer.VocabularySize}");
        }
    }
}
