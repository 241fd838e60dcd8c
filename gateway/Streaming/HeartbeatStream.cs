namespace Informer.Ai.Streaming;

/// <summary>
/// Passes events on to the response and puts a comment between them after a time of silence, so that proxies
/// keep the connection and the server notices a client that is gone. A comment never falls into an event: writes
/// take turns, and it waits until the last one ended with the blank line that ends an event.
/// </summary>
internal sealed class HeartbeatStream : Stream
{
    private static readonly byte[] Comment = ": \n\n"u8.ToArray();

    private readonly Stream response;
    private readonly TimeSpan silence;
    private readonly ITimer timer;
    private readonly SemaphoreSlim turn = new(1, 1);
    private bool betweenEvents = true;
    private bool closed;

    public HeartbeatStream(Stream response, TimeSpan silence, TimeProvider time)
    {
        this.response = response;
        this.silence = silence;
        timer = time.CreateTimer(static stream => _ = ((HeartbeatStream)stream!).Beat(), this, silence, Timeout.InfiniteTimeSpan);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await response.WriteAsync(buffer, cancellationToken);
            await response.FlushAsync(cancellationToken);
            betweenEvents = buffer.Span.EndsWith("\n\n"u8);
            timer.Change(silence, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            turn.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the heartbeat and waits for one that is being written; the response stays open.</summary>
    public override async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await turn.WaitAsync();
        closed = true;
        turn.Release();
        await base.DisposeAsync();
    }

    private async Task Beat()
    {
        await turn.WaitAsync();
        try
        {
            if (!closed && betweenEvents)
            {
                await response.WriteAsync(Comment);
                await response.FlushAsync();
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is lost; the next event or the request's own token says so to whoever reads the turn.
            closed = true;
        }
        finally
        {
            if (!closed)
            {
                timer.Change(silence, Timeout.InfiniteTimeSpan);
            }

            turn.Release();
        }
    }
}
