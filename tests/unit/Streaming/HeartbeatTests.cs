using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Informer.Ai.Streaming;

/// <summary>The comment in silence: when it comes, and that it never falls into an event.</summary>
public class HeartbeatTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Every_15_seconds_of_silence_have_a_comment()
    {
        var time = new FakeTimeProvider();
        var response = new Response();
        await using var stream = new HeartbeatStream(response, Silence, time);

        await stream.WriteAsync("data: a\n\n"u8.ToArray());
        time.Advance(Silence - TimeSpan.FromSeconds(1));
        await stream.WriteAsync("data: b\n\n"u8.ToArray());
        time.Advance(Silence - TimeSpan.FromSeconds(1));
        Assert.Equal("data: a\n\ndata: b\n\n", response.Text);

        time.Advance(TimeSpan.FromSeconds(1));
        time.Advance(Silence);
        Assert.Equal("data: a\n\ndata: b\n\n: \n\n: \n\n", response.Text);
    }

    [Fact]
    public async Task A_comment_waits_for_an_event_that_is_being_written()
    {
        var time = new FakeTimeProvider();
        var response = new Response { Gate = new TaskCompletionSource() };
        await using var stream = new HeartbeatStream(response, Silence, time);

        var writing = stream.WriteAsync("data: a\n\n"u8.ToArray());
        time.Advance(Silence);
        Assert.Equal("", response.Text);
        response.Gate.SetResult();
        await writing;

        Assert.StartsWith("data: a\n\n", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_does_not_fall_between_the_halves_of_an_event()
    {
        var time = new FakeTimeProvider();
        var response = new Response();
        await using var stream = new HeartbeatStream(response, Silence, time);

        await stream.WriteAsync("data: a"u8.ToArray());
        time.Advance(Silence);
        await stream.WriteAsync("\n\n"u8.ToArray());
        Assert.Equal("data: a\n\n", response.Text);

        time.Advance(Silence);
        Assert.Equal("data: a\n\n: \n\n", response.Text);
    }

    [Fact]
    public async Task Nothing_comes_after_the_end()
    {
        var time = new FakeTimeProvider();
        var response = new Response();
        await using (var stream = new HeartbeatStream(response, Silence, time))
        {
            await stream.WriteAsync("data: a\n\n"u8.ToArray());
        }

        time.Advance(Silence);
        Assert.Equal("data: a\n\n", response.Text);
    }

    /// <summary>A response that can hold its writer up.</summary>
    private sealed class Response : MemoryStream
    {
        public TaskCompletionSource? Gate { get; init; }

        public string Text => Encoding.UTF8.GetString(ToArray());

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await (Gate?.Task ?? Task.CompletedTask);
            Write(buffer.Span);
        }
    }
}
