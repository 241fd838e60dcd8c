using System.Net;
using System.Security.Cryptography;
using Informer.Ai.Gateway;

namespace Informer.Ai.Tenancy;

/// <summary>Who gets in, and what those who do may open.</summary>
public class TokenTests
{
    [Fact]
    public void A_token_is_read_back_as_it_was_made()
    {
        using var random = RandomNumberGenerator.Create();

        for (var round = 0; round < 200; round++)
        {
            var made = ApiToken.Create(random);
            Assert.True(ApiToken.TryParse(made.Text, out var read));
            Assert.Equal(made.Id, read.Id);
            Assert.Equal(made.SecretHash(), read.SecretHash());
            Assert.Matches("^inf_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$", made.Text);
            Assert.DoesNotContain(made.Text[21..], made.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("inf_")]
    [InlineData("inf_abc")]
    [InlineData("inf__secret")]
    [InlineData("inf_abc_")]
    [InlineData("INF_abc_secret")]
    [InlineData("inf_abc_sécret")]
    public void Anything_else_is_not_a_token(string? text) => Assert.False(ApiToken.TryParse(text, out _));

    [Fact]
    public async Task A_missing_a_malformed_and_a_wrong_token_get_the_same_answer()
    {
        await using var host = await GatewayHost.Start();
        var good = host.Http.DefaultRequestHeaders.Authorization!.Parameter!;
        string?[] tokens = [null, "nonsense", "inf_0123456789abcdef_secret", good + "x"];

        var bodies = new HashSet<string>();
        foreach (var token in tokens)
        {
            using var client = host.Client(token);
            using var response = await client.GetAsync("/api/models");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            bodies.Add(await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(
            """{"statusCode":401,"error":"Unauthorized","message":"A valid API token is needed.","code":"UNAUTHENTICATED"}""",
            Assert.Single(bodies));
    }

    [Theory]
    [InlineData(true, true, 200)]
    [InlineData(false, true, 403)]
    [InlineData(true, false, 403)]
    public async Task Ai_routes_need_a_tenant_and_a_user_with_ai(bool tenant, bool user, int status)
    {
        await using var host = await GatewayHost.Start(Samples.Analyst() with { AiEnabled = tenant, AiCredential = user });

        using var response = await host.Http.GetAsync("/api/ai-budget");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.True(status == 200 || (await GatewayHost.Body(response)).GetProperty("code").GetString() == "AI_NOT_ENABLED");
    }

    [Theory]
    [InlineData(null, 403, 403)]
    [InlineData(Permission.UsageWrite, 403, 200)]
    [InlineData(Permission.PlatformOperator, 403, 403)]
    [InlineData(Permission.TenantSuperuser, 200, 200)]
    public async Task Permissions_open_what_they_name_and_a_superuser_opens_all(string? permission, int read, int write)
    {
        await using var host = await GatewayHost.Start(permission is null ? Samples.Analyst() : Samples.Analyst(permission));

        using var reading = await host.Http.GetAsync("/api/usage-profiles");
        using var writing = await host.Put("/api/usage-profiles/p1", "{}");

        Assert.Equal(read, (int)reading.StatusCode);
        Assert.Equal(write, (int)writing.StatusCode);
        Assert.True(read == 200 || (await GatewayHost.Body(reading)).GetProperty("code").GetString() == "FORBIDDEN");
        Assert.False(Caller.Permits(Samples.Analyst(Permission.TenantSuperuser), Permission.PlatformOperator));
    }
}
