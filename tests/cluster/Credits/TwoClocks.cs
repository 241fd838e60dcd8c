namespace Informer.Ai.Credits;

/// <summary>
/// A wall clock and a monotonic clock that can be moved each by itself. Both go on by themselves too, and timers
/// are real ones: the silo under test lives by them.
/// </summary>
internal sealed class TwoClocks : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 5, 17, 12, 0, 0, TimeSpan.Zero);

    private readonly long _started = System.GetTimestamp();
    private long _wallTicks;
    private long _monotonicTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Elapsed => System.GetElapsedTime(_started);

    public override DateTimeOffset GetUtcNow() => Start + Elapsed + TimeSpan.FromTicks(Volatile.Read(ref _wallTicks));

    public override long GetTimestamp() => Elapsed.Ticks + Volatile.Read(ref _monotonicTicks);

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        Interlocked.Add(ref _monotonicTicks, time.Ticks);
        JumpWall(time);
    }

    /// <summary>Sets the wall clock forward, or back.</summary>
    public void JumpWall(TimeSpan by) => Interlocked.Add(ref _wallTicks, by.Ticks);
}
