using Informer.Ai.Chats;
using Informer.Ai.Gateway;

namespace Informer.Ai.Credits;

/// <summary>The 402 body: which check failed, and the numbers it compared.</summary>
public class RefusalTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Hello = """{ "message": { "id": "u1", "role": "user", "parts": [{ "type": "text", "text": "hi" }] } }""";

    public static TheoryData<Refusal, string> Bodies => new()
    {
        {
            new Refusal(RefusalCode.CreditLimit, 1_234_567, null, 500_000, 2_000_000),
            """{"statusCode":402,"error":"Payment Required","message":"Monthly credit limit reached","code":"CREDIT_LIMIT","profileRemaining":1.234567,"poolRemaining":null,"held":0.5,"required":2}"""
        },
        {
            new Refusal(RefusalCode.PoolExhausted, null, 0, 1, 9_007_199_254_740_993, Retryable: true),
            """{"statusCode":402,"error":"Payment Required","message":"Calls in flight hold the rest of the credit pool","code":"POOL_EXHAUSTED","profileRemaining":null,"poolRemaining":0,"held":0.000001,"required":9007199254.740993,"retryable":true}"""
        },
        {
            new Refusal(RefusalCode.EntityBudget, 1, 1, 0, 1, EntityRemaining: 250_000),
            """{"statusCode":402,"error":"Payment Required","message":"Monthly budget of the app or dataset reached","code":"ENTITY_BUDGET","profileRemaining":0.000001,"poolRemaining":0.000001,"held":0,"required":0.000001,"entityRemaining":0.25}"""
        },
        {
            new Refusal(RefusalCode.TierNotAllowed, null, null, 0, 0, Tier: "strategic", AllowedTiers: ["everyday", "advanced"]),
            """{"statusCode":402,"error":"Payment Required","message":"Your usage profile does not include this model's tier","code":"TIER_NOT_ALLOWED","profileRemaining":null,"poolRemaining":null,"held":0,"required":0,"tier":"strategic","allowedTiers":["everyday","advanced"]}"""
        },
        {
            new Refusal(RefusalCode.NotEntitled, null, null, 0, 0),
            """{"statusCode":402,"error":"Payment Required","message":"No valid AI entitlement","code":"NOT_ENTITLED","profileRemaining":null,"poolRemaining":null,"held":0,"required":0}"""
        },
    };

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task A_refusal_is_402_with_its_numbers(Refusal refusal, string body)
    {
        var host = shared.Host;
        host.Chat.Answer = _ => new TurnRefused(refusal);

        using var response = await host.Post($"/api/chats/{GatewayHost.ChatId}", Hello);

        Assert.Equal(402, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal(refusal.Retryable, response.Headers.RetryAfter is not null);
    }
}
