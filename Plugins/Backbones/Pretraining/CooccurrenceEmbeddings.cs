using DeltaTune.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Token embeddings to start from: what stands near what in the corpus, factorised.</summary>
/// <remarks>
/// Sources: Levy and Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization", §5 (the factors of the positive pointwise mutual
/// information, M ≈ E·Eᵀ), with the context distribution smoothed by the power 0.75 of Levy, Goldberg and Dagan 2015, §3.1, and neighbours weighted by
/// one over their distance as in GloVe. The factorisation is that of Halko, Martinsson and Tropp 2011, algorithm 4.4 (subspace iteration).
/// A masked model of a few million tokens otherwise spends most of its steps on finding out how often each word comes.
/// </remarks>
internal static class CooccurrenceEmbeddings
{
    private const int Window = 8;        // neighbours to each side, in tokens
    private const int Iterations = 5;
    private const int Oversampling = 32; // more directions than asked for, so that the last of those asked for are right
    private const double Smoothing = 0.75;

    /// <summary>Factorises the corpus.</summary>
    /// <param name="corpus">Its rows.</param>
    /// <param name="weights">How often each file counts.</param>
    /// <param name="tokenizer">Says which tokens are special: they are nobody's neighbours, and windows end at them.</param>
    /// <param name="size">The size of an embedding.</param>
    /// <param name="spread">The standard deviation of the result's entries.</param>
    /// <param name="generator">Where chance comes from.</param>
    /// <returns><c>[vocab, size]</c>; noise for tokens without neighbours. In the current dispose scope.</returns>
    public static Tensor Of(TokenCorpus corpus, IReadOnlyList<double> weights, ITokenizer tokenizer, int size, double spread, Generator generator)
    {
        using DisposeScope scope = NewDisposeScope();
        int vocabulary = tokenizer.VocabularySize;
        Tensor counts = tensor(Count(corpus, weights, tokenizer.Special.AllIds(), vocabulary), [vocabulary, vocabulary]);
        Tensor information = Information(counts + counts.t());                                              // M [vocab, vocab]
        Tensor basis = empty(vocabulary, Math.Min(vocabulary, size + Oversampling)).normal_(0, 1, generator);
        for (int i = 0; i < Iterations; i++)
        {
            basis = linalg.qr(information.mm(basis)).Q;                                                     // [vocab, directions]
        }

        (Tensor values, Tensor vectors) = linalg.eigh(basis.t().mm(information.mm(basis)));                 // ascending
        long directions = values.size(0), kept = Math.Min(size, directions);
        Tensor scale = values.narrow(0, directions - kept, kept).clamp(min: 0).sqrt();
        Tensor factors = basis.mm(vectors.narrow(1, directions - kept, kept)) * scale;                      // E [vocab, size]
        Tensor noise = empty(vocabulary, size).normal_(0, spread, generator);
        Tensor known = factors.abs().sum(dim: 1, keepdim: true).gt(0);
        return factors.div(factors.std() / spread).where(known, noise).MoveToOuterDisposeScope();
    }

    // Each pair once, in the order of the text, weighted by one over the distance.
    private static float[] Count(TokenCorpus corpus, IReadOnlyList<double> weights, IReadOnlySet<int> special, int vocabulary)
    {
        var counts = new float[(long)vocabulary * vocabulary];
        int row = 0;
        for (int file = 0; file < corpus.FileRows.Count; file++)
        {
            for (int last = row + corpus.FileRows[file]; row < last; row++)
            {
                ReadOnlySpan<ushort> tokens = corpus.Row(row);
                for (int i = 0; i < tokens.Length; i++)
                {
                    for (int j = i + 1; j < tokens.Length && j <= i + Window && !special.Contains(tokens[i]) && !special.Contains(tokens[j]); j++)
                    {
                        counts[((long)tokens[i] * vocabulary) + tokens[j]] += (float)(weights[file] / (j - i));
                    }
                }
            }
        }

        return counts;
    }

    // max(0, log P(i, j) / (P(i)·P̃(j))), P̃ smoothed; made symmetric.
    private static Tensor Information(Tensor counts)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor own = counts.sum(dim: 1).clamp(min: 1e-9);                                                   // [vocab]
        Tensor smoothed = own.pow(Smoothing);
        Tensor expected = own.unsqueeze(1) * (smoothed / smoothed.sum()).unsqueeze(0);                      // counts if nothing depended on anything
        Tensor positive = (counts / expected).clamp(min: 1).log_();
        return (positive + positive.t()).mul_(0.5).MoveToOuterDisposeScope();
    }
}
