using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DeltaTune.Tools.WordNet;

/// <summary>A number from a text that is the same on every machine and in every year.</summary>
internal static class StableHash
{
    /// <summary>The first eight bytes of the SHA-256 of the UTF-8 text, big-endian.</summary>
    public static ulong Of(string text) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
