using System.Runtime.InteropServices;

namespace Informer.Ai.Simulator.Answers;

/// <summary>A number that stands for a text, the same in every process: string hash codes are not.</summary>
internal static class Seed
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = Offset;
        foreach (var unit in MemoryMarshal.AsBytes(text))
        {
            hash = (hash ^ unit) * Prime;
        }

        // FNV leaves the low bits of short texts alike; the last mix spreads them.
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }
}
