using System.Runtime.InteropServices;
using Informer.Ai.Memories;

namespace Informer.Ai.Storage;

/// <summary>Vectors as bytes: single floats, little-endian, which is what every machine that runs this has in memory.</summary>
internal static class StoredVector
{
    public static byte[]? ToColumn(this Embedding? embedding) =>
        embedding is null ? null : MemoryMarshal.AsBytes(embedding.Vector.Span).ToArray();

    public static float[] ToVector(byte[] column) => MemoryMarshal.Cast<byte, float>(column).ToArray();
}
