using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>
/// What of the calls to providers is seen by whoever observes the process: our sources of activities and the platform's.
/// Anthropic's library has one of its own that quotes what the provider said; the service listens to it nowhere.
/// </summary>
public sealed class TraceTests
{
    private const string Canary = "sk-canary-5d0e7b31aa";

    public static TheoryData<string> Types => [.. ProviderType.All.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_key_is_in_no_activity_however_its_provider_fails(string type)
    {
        var told = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name != "com.anthropic.sdk.csharp",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => told.Enqueue(Told(activity)),
        };
        ActivitySource.AddActivityListener(listener);
        var answer = (Status: 200, Body: "");
        await using var server = await VendorServer.Start(context => SayBack(context, answer.Status, answer.Body));
        var options = Options.Create(new ProviderOptions { AllowHttp = true, AllowedNetworks = { "127.0.0.0/8" } });
        using var transport = new ProviderTransport(new AddressGuard(options), options, TimeProvider.System);
        using var provider = new ProviderConnection(Vendor(type, server.Address, transport.Own), callsMax: 10);

        foreach (var status in new[] { 200, 302, 400, 401, 403, 429, 500, 502, 503, 504 })
        {
            foreach (var body in new[] { """{"error":{"message":"{key}","type":"{key}","code":"{key}"}}""", "{key}", """{"data":[{"id":"{key}",""" })
            {
                answer = (status, body);
                await Record.ExceptionAsync(() => provider.Chat("m").GetResponseAsync("hi"));
                await Record.ExceptionAsync(() => provider.Chat("m").GetStreamingResponseAsync("hi").ToListAsync().AsTask());
            }
        }

        // The key was sent and the calls were observed, so that its absence means something.
        Assert.Contains(server.Asked, asked => asked.Headers.Values.Any(value => value.Contains(Canary, StringComparison.Ordinal)));
        Assert.Contains(told, activity => activity.Contains($":{server.Address.Port}", StringComparison.Ordinal));
        Assert.DoesNotContain(told, activity => activity.Contains(Canary, StringComparison.Ordinal));
    }

    private static IVendor Vendor(string type, Uri address, HttpMessageHandler handler) => type == ProviderType.Anthropic
        ? new AnthropicVendor(address, Canary, handler)
        : new OpenAIVendor(type, address, Canary, handler);

    private static Task SayBack(HttpContext context, int status, string body)
    {
        var sent = context.Request.Headers;
        var key = string.Concat(sent.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), sent["x-api-key"], sent["api-key"]);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["x-your-key"] = key;
        context.Response.Headers.Location = $"http://127.0.0.1:1/{key}";
        return context.Response.WriteAsync(body.Replace("{key}", key, StringComparison.Ordinal));
    }

    private static string Told(Activity activity)
    {
        var events = activity.Events.SelectMany(happened => happened.Tags.Select(tag => $"{happened.Name} {tag.Key}={tag.Value}"));
        return string.Join('\n', [
            activity.OperationName, activity.DisplayName, activity.StatusDescription ?? "", activity.TraceStateString ?? "",
            .. activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"), .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"), .. events]);
    }
}
