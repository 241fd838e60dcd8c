using System.Threading.RateLimiting;
using Informer.Ai.Errors;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Streaming;

/// <summary>How many event streams a user may have open at once in this process; one more is refused and not queued.</summary>
internal sealed class StreamLimit(IOptions<GatewayOptions> options) : IRateLimiterPolicy<string>
{
    public const string Policy = "streams";

    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; } = static async (rejected, _) =>
        await Problems.Of(429, "You have too many streams open. End one, or try again.", ErrorCodes.TooManyStreams)
            .ExecuteAsync(rejected.HttpContext);

    public RateLimitPartition<string> GetPartition(HttpContext httpContext)
    {
        var caller = httpContext.Caller();
        return RateLimitPartition.GetConcurrencyLimiter(
            UserKey.Of(caller.Tenant, caller.User),
            _ => new ConcurrencyLimiterOptions { PermitLimit = options.Value.StreamsPerUserMax, QueueLimit = 0 });
    }
}
