using System.Buffers;
using System.IO.Pipelines;

namespace Informer.Ai.Simulator.Serving;

/// <summary>
/// The way of bytes to the client: what is written leaves at the next flush, in one piece, or byte by byte when
/// it drips.
/// </summary>
internal sealed class Wire(PipeWriter pipe, CancellationToken ended) : IBufferWriter<byte>
{
    private const int SliceBytes = 64 * 1024;

    private ArrayBufferWriter<byte>? _drops;
    private Func<Task>? _betweenDrops;

    public void Drip(Func<Task> betweenDrops)
    {
        _drops = new ArrayBufferWriter<byte>();
        _betweenDrops = betweenDrops;
    }

    public void Advance(int count) => Buffer.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => Buffer.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => Buffer.GetSpan(sizeHint);

    public async ValueTask FlushAsync()
    {
        if (_drops is not null)
        {
            await FlushDropsAsync(_drops);
            return;
        }

        await pipe.FlushAsync(ended);
        // A flush into a connection that is gone returns as if nothing had happened.
        ended.ThrowIfCancellationRequested();
    }

    /// <summary>Sends a run of one byte without ever holding all of it.</summary>
    public async ValueTask FillAsync(byte filler, int count)
    {
        for (var left = count; left > 0; left -= SliceBytes)
        {
            var slice = Math.Min(left, SliceBytes);
            GetSpan(slice)[..slice].Fill(filler);
            Advance(slice);
            await FlushAsync();
        }
    }

    private IBufferWriter<byte> Buffer => _drops as IBufferWriter<byte> ?? pipe;

    private async ValueTask FlushDropsAsync(ArrayBufferWriter<byte> drops)
    {
        for (var at = 0; at < drops.WrittenCount; at++)
        {
            pipe.GetSpan(1)[0] = drops.WrittenSpan[at];
            pipe.Advance(1);
            await pipe.FlushAsync(ended);
            ended.ThrowIfCancellationRequested();
            await _betweenDrops!();
        }

        drops.ResetWrittenCount();
    }
}
