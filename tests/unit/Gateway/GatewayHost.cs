using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Gateway;

/// <summary>The gateway on a port of its own, in front of grains that a test holds in its hands.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private GatewayHost(WebApplication app, FakeTenant tenant, FakeChat chat, ApiToken token)
    {
        this.app = app;
        (Tenant, Chat) = (tenant, chat);
        Http = Client(token.Text);
    }

    public static ChatId ChatId { get; } = new(Guid.Parse("0197a3f0-0000-7000-8000-000000000001"));

    public FakeTenant Tenant { get; }

    public FakeChat Chat { get; }

    /// <summary>A client with the token of an analyst.</summary>
    public HttpClient Http { get; }

    public static async Task<GatewayHost> Start(
        Principal? principal = null, TimeProvider? time = null, Action<WebApplication>? more = null, string? unready = null)
    {
        using var random = RandomNumberGenerator.Create();
        var token = ApiToken.Create(random);
        var caller = principal ?? Samples.Analyst();
        var tenant = new FakeTenant { Tokens = { [token.Id] = (token.SecretHash(), caller) } };
        var chat = new FakeChat { Chat = Samples.Chat(ChatId) };
        var grains = new FakeGrains()
            .With<IAuthenticationGrain>("0", tenant)
            .With<IModelCatalogGrain>("demo", tenant)
            .With<ITenantGrain>("demo", tenant)
            .With<ICreditPoolGrain>("demo", tenant)
            .With<IUsageProfileGrain>("demo/ana", tenant)
            .With<IChatListGrain>("demo/ana", tenant)
            .With<IChatGrain>($"demo/ana/{ChatId}", chat)
            .WithAny<IChatGrain>(new FakeChat { Answer = _ => new TurnNotFound("chat") })
            .WithAny<IInvocationGrain>(chat);

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IGrainFactory>(grains);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddGateway();
        if (unready is not null)
        {
            builder.Services.AddHealthChecks().AddCheck(unready, () => HealthCheckResult.Unhealthy());
        }

        var app = builder.Build();
        app.MapGateway();
        more?.Invoke(app);
        await app.StartAsync();
        return new GatewayHost(app, tenant, chat, token);
    }

    public HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Task<HttpResponseMessage> Post(string path, string json) =>
        Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Posts, and gives the answer as soon as its headers are there.</summary>
    public Task<HttpResponseMessage> Open(string path, string json) => Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead);

    public Task<HttpResponseMessage> Put(string path, string json) =>
        Http.PutAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    public static async Task<JsonElement> Body(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync());

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }
}
