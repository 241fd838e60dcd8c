using System.Buffers.Binary;

namespace Informer.Ai.Credits;

/// <summary>
/// The latest resolutions of this activation. A second resolution finds the first here, even before the first is
/// durable; an older one is found in the ledger. Hold ids carry the time at which they were made, so a new one
/// need not be looked up at all. A clock that jumped can only make a repeated id look new; the ledger's unique
/// keys refuse it then.
/// </summary>
internal sealed class RecentResolutions(TimeProvider time)
{
    private const int Capacity = 65_536;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(1);

    private readonly Dictionary<HoldId, Resolution> _byHold = [];
    private readonly Queue<(HoldId Hold, DateTimeOffset At)> _order = new();
    private DateTimeOffset _remembersSince = time.GetUtcNow();

    public Resolution? Find(HoldId hold) => _byHold.GetValueOrDefault(hold);

    /// <summary>The hold is so old that it may have been resolved before the oldest resolution remembered here.</summary>
    public bool MayHaveForgotten(HoldId hold) => MadeAt(hold) < _remembersSince + ClockSkew;

    public void Remember(Resolution resolution)
    {
        if (!_byHold.ContainsKey(resolution.Hold))
        {
            _order.Enqueue((resolution.Hold, time.GetUtcNow()));
            if (_order.Count > Capacity)
            {
                var (oldest, at) = _order.Dequeue();
                _byHold.Remove(oldest);
                _remembersSince = at;
            }
        }

        _byHold[resolution.Hold] = resolution;
    }

    // A version 7 UUID begins with 48 bits of Unix milliseconds.
    private static DateTimeOffset MadeAt(HoldId hold)
    {
        Span<byte> bytes = stackalloc byte[16];
        hold.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }
}
