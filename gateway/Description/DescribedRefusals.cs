using Informer.Ai.Errors;
using Informer.Ai.Streaming;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;

namespace Informer.Ai.Description;

/// <summary>The refusals that follow from what a route is: what it takes, who may call it, whether it is paid for.</summary>
internal static class DescribedRefusals
{
    private static readonly string[] CreditCodes =
    [
        ErrorCodes.NotEntitled, ErrorCodes.TierNotAllowed, ErrorCodes.CreditLimit, ErrorCodes.EntityBudget, ErrorCodes.PoolExhausted,
    ];

    /// <summary>How a provider that is asked may fail.</summary>
    public static readonly string[] ProviderCodes =
    [
        "PROVIDER_TIMEOUT", "PROVIDER_RATE_LIMITED", "PROVIDER_REJECTED", "PROVIDER_UNREACHABLE", "PROVIDER_ERROR",
        "PROVIDER_UNAVAILABLE", "PROVIDER_BUSY", "PROVIDER_UNSUPPORTED", "PROVIDER_CREDENTIAL_MISSING", "PROVIDER_ADDRESS_REFUSED",
    ];

    private static readonly string[] LedgerCodes =
    [
        ErrorCodes.LedgerUnavailable, ErrorCodes.LedgerInconsistent, ErrorCodes.Overloaded, ErrorCodes.Draining,
    ];

    /// <summary>Each status with its codes.</summary>
    /// <param name="queried">It takes parameters in its query.</param>
    public static SortedDictionary<int, List<string>> Of(string path, bool queried, IEnumerable<object> metadata)
    {
        var found = new SortedDictionary<int, List<string>>();
        var all = metadata.ToList();
        var body = all.OfType<IAcceptsMetadata>().Any();
        var metered = all.OfType<Meter>().Contains(Meter.Metered);
        if (body || queried)
        {
            Add(400, ErrorCodes.Invalid);
        }

        if (all.OfType<IAllowAnonymous>().Any() is false)
        {
            Add(401, ErrorCodes.Unauthenticated);
            Add(403, [.. Forbidden(all)]);
        }

        if (path.Contains('{', StringComparison.Ordinal))
        {
            Add(404, ErrorCodes.NotFound);
        }

        if (body)
        {
            Add(400, ErrorCodes.MalformedJson);
            Add(413, ErrorCodes.BodyTooLarge);
            Add(415, ErrorCodes.UnsupportedMediaType);
        }

        if (metered)
        {
            Add(402, CreditCodes);
            Add(502, ProviderCodes);
            Add(503, LedgerCodes);
        }

        if (all.OfType<StreamsEvents>().Any())
        {
            Add(429, ErrorCodes.TooManyStreams);
        }

        Add(503, ErrorCodes.Unavailable);
        foreach (var refusal in all.OfType<RouteRefusal>())
        {
            Add(refusal.Status, [.. refusal.Codes]);
        }

        return found;

        void Add(int status, params ReadOnlySpan<string> codes)
        {
            if (!found.TryGetValue(status, out var known))
            {
                found[status] = known = [];
            }

            known.AddRange(codes);
        }
    }

    private static IEnumerable<string> Forbidden(List<object> metadata)
    {
        var requirements = metadata.OfType<AuthorizationPolicy>().SelectMany(policy => policy.Requirements).ToList();
        if (requirements.OfType<AiVerified>().Any())
        {
            yield return ErrorCodes.AiNotEnabled;
        }

        if (requirements.OfType<Permitted>().Any())
        {
            yield return ErrorCodes.Forbidden;
        }
    }
}
