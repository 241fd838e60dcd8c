using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Informer.Ai.Simulator;
using OpenAI;
using OpenAI.Chat;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>
/// What becomes of each fault behind the SDK's streaming call. This is knowledge about the SDK, kept as tests:
/// a new version that behaves otherwise has to be noticed, since whoever reads a stream relies on it.
/// </summary>
[Collection(SimulatorCollection.Name)]
public sealed class SdkTests(SimulatorFixture simulator)
{
    [Theory]
    [InlineData("fault=reset", typeof(IOException), 3)]
    [InlineData("fault=reset-before-headers", typeof(ClientResultException), 0)]
    [InlineData("fault=status code=503", typeof(ClientResultException), 0)]
    [InlineData("fault=redirect", typeof(ClientResultException), 0)]
    [InlineData("fault=invalid-utf8", typeof(InvalidOperationException), 3)]
    [InlineData("fault=usage-nan tokens=5", typeof(JsonException), 5)]
    [InlineData("fault=usage-huge value=9223372036854775807 tokens=5", typeof(FormatException), 5)]
    [InlineData("fault=truncated-json", typeof(JsonException), 3)]
    public async Task A_broken_stream_throws(string directive, Type expected, int tokens)
    {
        var seen = 0;
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in simulator.Chat.CompleteChatStreamingAsync([new UserChatMessage("#sim " + directive)]))
            {
                seen += update.ContentUpdate.Count(part => part.Text.Length > 0);
            }
        });

        Assert.IsAssignableFrom(expected, failure);
        Assert.Equal(tokens, seen);
    }

    [Theory]
    [InlineData("fault=error-200", 0)]
    [InlineData("fault=error-mid-stream", 3)]
    [InlineData("fault=cut-line", 3)]
    [InlineData("fault=no-done tokens=5", 5)]
    public async Task A_stream_that_fails_in_silence_has_no_finish_reason(string directive, int tokens)
    {
        var seen = 0;
        var finished = false;
        await foreach (var update in simulator.Chat.CompleteChatStreamingAsync([new UserChatMessage("#sim " + directive)]))
        {
            seen += update.ContentUpdate.Count(part => part.Text.Length > 0);
            finished |= update.FinishReason is not null;
        }

        Assert.Equal(tokens, seen);
        Assert.False(finished);
    }

    [Theory]
    [InlineData("fault=hang-before-headers")]
    [InlineData("fault=hang")]
    public async Task A_hang_ends_with_the_network_timeout(string directive)
    {
        var client = Client(retries: 0, networkTimeout: TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("#sim " + directive)]))
            {
                Assert.Null(update.FinishReason);
            }
        });
    }

    [Theory]
    [InlineData("fault=status code=503", 4)]
    [InlineData("fault=status code=429", 4)]
    [InlineData("fault=status code=400", 1)]
    [InlineData("fault=reset-before-headers", 4)]
    [InlineData("fault=reset", 1)]
    public async Task By_default_a_request_is_tried_four_times_until_its_headers_come(string directive, int attempts)
    {
        var since = simulator.Server.Log.LastId;
        var client = Client(retries: null, networkTimeout: TimeSpan.FromSeconds(30));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("#sim " + directive)]))
            {
                Assert.Null(update.FinishReason);
            }
        });

        Assert.Equal(attempts, simulator.Server.Log.Entries(since).Count);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task A_stream_that_is_left_is_read_on_for_two_seconds_unless_the_transport_does_not_drain(bool cancels, bool drains)
    {
        // Cancelling helps only while a read is pending; between two reads it is no more than leaving the loop.
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ResponseDrainTimeout = drains ? TimeSpan.FromSeconds(2) : TimeSpan.Zero,
        });
        var client = Client(retries: 0, TimeSpan.FromSeconds(30), new HttpClientPipelineTransport(http));
        var since = simulator.Server.Log.LastId;
        using var leave = new CancellationTokenSource();
        await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in client.CompleteChatStreamingAsync(
                [new UserChatMessage("#sim tokens=100000 delay=1")], cancellationToken: leave.Token))
            {
                if (!cancels)
                {
                    break;
                }

                await leave.CancelAsync();
            }
        });

        var request = await simulator.EndAsync(since);
        Assert.Equal(RequestOutcome.Cut, request.Outcome);
        Assert.Equal(drains, request.Duration > TimeSpan.FromSeconds(1));
    }

    private ChatClient Client(int? retries, TimeSpan networkTimeout, PipelineTransport? transport = null)
    {
        var options = new OpenAIClientOptions { Endpoint = simulator.Server.BaseAddress, NetworkTimeout = networkTimeout, Transport = transport };
        if (retries is { } count)
        {
            options.RetryPolicy = new ClientRetryPolicy(count);
        }

        return new OpenAIClient(new ApiKeyCredential("any"), options).GetChatClient("sim-everyday");
    }
}
