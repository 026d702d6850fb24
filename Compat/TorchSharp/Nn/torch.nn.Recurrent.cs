using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A long short-term memory network, all parameters uniform within ±1/√hidden.</summary>
        public static LSTM LSTM(
            long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null)
            => new(new RecurrentShape(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);

        /// <summary>A network of gated recurrent units, all parameters uniform within ±1/√hidden.</summary>
        public static GRU GRU(
            long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null)
            => new(new RecurrentShape(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);

        /// <summary>A table of given vectors, which the table takes over.</summary>
        public static Embedding Embedding_from_pretrained(
            Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
            bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
        {
            ArgumentNullException.ThrowIfNull(embeddings);
            if (embeddings.dim() != 2)
            {
                throw new ArgumentException($"Embedding_from_pretrained takes a table [rows, width], but got [{string.Join(", ", embeddings.shape)}]", nameof(embeddings));
            }
            Tensor table = embeddings.detach().to(dtype ?? embeddings.dtype, device ?? embeddings.device);
            return new Embedding(new Parameter(table, !freeze), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
        }
    }
}
