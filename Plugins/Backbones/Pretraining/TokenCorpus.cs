using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DeltaTune.Files;
using DeltaTune.Text;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>A corpus as rows of token ids, made once and kept in a file.</summary>
internal sealed class TokenCorpus
{
    private const string Magic = "DeltaTune token rows 1";
    private readonly ushort[] _tokens;
    private readonly int _length;

    private TokenCorpus(string key, int length, int[] fileRows, ushort[] tokens)
        => (Key, _length, FileRows, _tokens) = (key, length, fileRows, tokens);

    /// <summary>Gets what the rows were made of: SHA-256 over the files, the vocabulary and the length.</summary>
    public string Key { get; }

    /// <summary>Gets how many rows each file gave, in the files' order.</summary>
    public IReadOnlyList<int> FileRows { get; }

    public int Rows => _tokens.Length / _length;

    public ReadOnlySpan<ushort> Row(int index) => _tokens.AsSpan(index * _length, _length);

    /// <summary>Reads the rows from the cache, or makes them and writes it.</summary>
    public static TokenCorpus Open(string cache, IReadOnlyList<string> files, ITokenizer tokenizer, int length, CancellationToken cancellationToken)
    {
        string key = KeyOf(files, tokenizer, length);
        return Read(cache, key) ?? Make(cache, key, files, tokenizer, length, cancellationToken);
    }

    private static TokenCorpus Make(string cache, string key, IReadOnlyList<string> files, ITokenizer tokenizer, int length, CancellationToken cancellationToken)
    {
        SpecialTokens special = tokenizer.Special;
        var parts = new List<ushort[]>();
        foreach (string file in files)
        {
            var packer = new RowPacker(length, special.Cls ?? 0, special.Sep ?? 0, special.Pad ?? 0);
            foreach (ushort[] line in CorpusLines.Read(file).AsParallel().AsOrdered().WithCancellation(cancellationToken)
                .Select(line => tokenizer.Encode(line).Select(id => (ushort)id).ToArray()))
            {
                packer.Add(line);
            }

            parts.Add(packer.Finish());
        }

        var corpus = new TokenCorpus(key, length, [.. parts.Select(part => part.Length / length)], [.. parts.SelectMany(part => part)]);
        AtomicFile.Write(cache, corpus.Write);
        return corpus;
    }

    private void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Key);
        writer.Write(_length);
        writer.Write(FileRows.Count);
        foreach (int rows in FileRows)
        {
            writer.Write(rows);
        }

        writer.Write(MemoryMarshal.AsBytes(_tokens.AsSpan()));
    }

    // Null where there is no cache, or where it was made of something else.
    private static TokenCorpus? Read(string cache, string key)
    {
        if (!File.Exists(cache))
        {
            return null;
        }

        using FileStream stream = File.OpenRead(cache);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        try
        {
            if (reader.ReadString() != Magic || reader.ReadString() != key)
            {
                return null;
            }

            int length = reader.ReadInt32();
            int[] rows = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
            var tokens = new ushort[(stream.Length - stream.Position) / 2];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
            return tokens.LongLength == (long)rows.Sum() * length ? new TokenCorpus(key, length, rows, tokens) : null;
        }
        catch (Exception cause) when (cause is EndOfStreamException or FormatException)
        {
            return null; // not a file of ours: it is made again
        }
    }

    private static string KeyOf(IReadOnlyList<string> files, ITokenizer tokenizer, int length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(length));
        foreach (string file in files)
        {
            using FileStream stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(tokenizer.TokenOf(id) + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
