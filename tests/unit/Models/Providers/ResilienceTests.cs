using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>When a call of a provider is sent again, when it is not sent at all, and what its failure is called.</summary>
public sealed class ResilienceTests
{
    [Theory]
    [InlineData(429, 3, "PROVIDER_RATE_LIMITED")]
    [InlineData(500, 3, "PROVIDER_ERROR")]
    [InlineData(503, 3, "PROVIDER_ERROR")]
    [InlineData(529, 3, "PROVIDER_ERROR")]
    [InlineData(502, 1, "PROVIDER_ERROR")]
    [InlineData(504, 1, "PROVIDER_TIMEOUT")]
    [InlineData(408, 1, "PROVIDER_TIMEOUT")]
    [InlineData(400, 1, "PROVIDER_REJECTED")]
    [InlineData(401, 1, "PROVIDER_REJECTED")]
    [InlineData(302, 1, "PROVIDER_REJECTED")]
    public async Task Only_what_was_certainly_not_served_is_sent_again(int status, int sent, string code)
    {
        foreach (var type in new[] { ProviderType.OpenAI, ProviderType.Anthropic })
        {
            await using var server = await VendorServer.Start(context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "http://127.0.0.1:1/";
                return context.Response.WriteAsync("""{"error":{"message":"Incorrect API key provided: sk-canary","type":"some_error"}}""");
            });
            using var transport = Transport();
            using var provider = Provider(type, server.Address, transport);

            var failure = await Assert.ThrowsAsync<ProviderException>(() => Stream(provider));

            Assert.Equal(code, failure.Code);
            Assert.DoesNotContain("sk-canary", failure.Message, StringComparison.Ordinal);
            Assert.Equal(sent, server.Asked.Count);
        }
    }

    [Fact]
    public async Task A_repetition_that_gets_through_is_the_answer_and_says_the_same()
    {
        var left = 2;
        await using var server = await VendorServer.Start(context =>
        {
            context.Response.StatusCode = Interlocked.Decrement(ref left) >= 0 ? 429 : 200;
            context.Response.Headers.RetryAfter = "0";
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync(
                """
                data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}

                data: [DONE]


                """);
        });
        using var transport = Transport();
        using var provider = Provider(ProviderType.OpenAI, server.Address, transport);

        Assert.Equal("Hello", await Stream(provider));
        Assert.Equal(3, server.Asked.Count);
        Assert.Single(server.Asked.Select(asked => asked.Body).Distinct());
    }

    [Fact]
    public async Task A_provider_that_asks_for_a_long_wait_is_not_asked_again()
    {
        await using var server = await VendorServer.Start(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        using var transport = Transport();
        using var provider = Provider(ProviderType.OpenAI, server.Address, transport);

        Assert.Equal("PROVIDER_RATE_LIMITED", (await Assert.ThrowsAsync<ProviderException>(() => Stream(provider))).Code);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_call_that_was_sent_and_lost_is_not_sent_again()
    {
        await using var server = await VendorServer.Start(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var transport = Transport();
        using var provider = Provider(ProviderType.OpenAI, server.Address, transport);

        Assert.Equal("PROVIDER_UNREACHABLE", (await Assert.ThrowsAsync<ProviderException>(() => Stream(provider))).Code);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_provider_that_keeps_failing_is_left_alone()
    {
        await using var server = await VendorServer.Start(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        using var transport = Transport();
        using var provider = Provider(ProviderType.OpenAI, server.Address, transport, new ProviderOptions { RetriesMax = 0, BreakerCallsMin = 4 });

        for (var call = 0; call < 4; call++)
        {
            Assert.Equal("PROVIDER_ERROR", (await Assert.ThrowsAsync<ProviderException>(() => Stream(provider))).Code);
        }

        Assert.Equal("PROVIDER_UNAVAILABLE", (await Assert.ThrowsAsync<ProviderException>(() => Stream(provider))).Code);
        Assert.Equal(4, server.Asked.Count);
    }

    [Fact]
    public async Task No_more_calls_run_at_once_than_a_provider_has_seats_and_each_seat_comes_back()
    {
        var release = new TaskCompletionSource();
        await using var server = await VendorServer.Start(async context =>
        {
            await release.Task;
            context.Response.StatusCode = 400;
        });
        using var transport = Transport();
        using var provider = Provider(ProviderType.OpenAI, server.Address, transport, seats: 2);
        var running = new[] { Stream(provider), Stream(provider) };

        Assert.Equal("PROVIDER_BUSY", (await Assert.ThrowsAsync<ProviderException>(() => Stream(provider))).Code);
        release.SetResult();
        foreach (var call in running)
        {
            await Assert.ThrowsAsync<ProviderException>(() => call);
        }

        Assert.Equal("PROVIDER_REJECTED", (await Assert.ThrowsAsync<ProviderException>(() => Stream(provider))).Code);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task A_refused_address_is_not_connected_to_and_not_tried_again(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var transport = Transport(allow: false);
        using var provider = Provider(ProviderType.OpenAI, new Uri($"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}"), transport);

        // Who connects all the same waits for an answer that nobody gives.
        var refused = await Assert.ThrowsAsync<ProviderException>(() => Stream(provider).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("PROVIDER_ADDRESS_REFUSED", refused.Code);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_closed_port_is_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        using var transport = Transport();
        foreach (var type in new[] { ProviderType.OpenAI, ProviderType.Anthropic })
        {
            using var provider = Provider(type, address, transport);

            Assert.Equal("PROVIDER_UNREACHABLE", (await Assert.ThrowsAsync<ProviderException>(() => Stream(provider))).Code);
        }
    }

    private static ProviderTransport Transport(bool allow = true)
    {
        var options = Options.Create(new ProviderOptions { AllowHttp = true, AllowedNetworks = { allow ? "127.0.0.0/8" : "192.0.2.1/32" } });
        return new ProviderTransport(new AddressGuard(options), options, TimeProvider.System);
    }

    private static ProviderConnection Provider(string type, Uri address, ProviderTransport transport, ProviderOptions? options = null, int seats = 10)
    {
        var handler = new ProviderResilience(transport.Own, options ?? new ProviderOptions(), TimeProvider.System);
        return new ProviderConnection(
            type == ProviderType.Anthropic ? new AnthropicVendor(address, "sk-canary", handler) : new OpenAIVendor(type, address, "sk-canary", handler), seats);
    }

    private static async Task<string> Stream(ProviderConnection provider)
    {
        var text = "";
        await foreach (var update in provider.Chat("m").GetStreamingResponseAsync("hi"))
        {
            text += update.Text;
        }

        return text;
    }
}
