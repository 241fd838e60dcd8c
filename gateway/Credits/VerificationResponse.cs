using System.Collections.Immutable;
using Informer.Ai.Usage;

namespace Informer.Ai.Credits;

/// <summary>What a verification of the tenant's ledger found. Amounts are credits.</summary>
/// <param name="Verified">Ledger, memory and API say the same. While they do not, no new credits are held.</param>
/// <param name="Full">All rows were read, and not only those since the last verification.</param>
/// <param name="Seq">The row at which everything was compared.</param>
/// <param name="Available">Granted, and neither charged nor held.</param>
/// <param name="Api">What <c>GET /api/ai-budget</c> answered at that row.</param>
/// <param name="Checks">Each comparison; those that failed say what did not agree.</param>
public sealed record VerificationResponse(
    string Tenant,
    bool Verified,
    bool Full,
    long Seq,
    decimal Granted,
    decimal Settled,
    decimal Held,
    decimal Available,
    long RowsChecked,
    PoolResponse Api,
    ImmutableArray<CheckResponse> Checks,
    double DurationMs,
    DateTimeOffset CheckedAt)
{
    internal static VerificationResponse Of(LedgerVerification found)
    {
        var api = PoolResponse.Of(found.Reading);
        ImmutableArray<CheckResponse> checks = [.. found.Checks.Select(CheckResponse.Of), Compare(found, api)];
        return new VerificationResponse(
            found.Tenant.Value,
            checks.All(check => check.Passed),
            found.Full,
            found.Seq,
            CreditAmount.Of(found.Granted),
            CreditAmount.Of(found.Settled),
            CreditAmount.Of(found.Held),
            CreditAmount.Of(found.Available),
            found.RowsChecked,
            api,
            checks,
            found.Duration.TotalMilliseconds,
            found.At);
    }

    // The numbers as callers see them, after every conversion on the way.
    private static CheckResponse Compare(LedgerVerification found, PoolResponse api)
    {
        var (granted, settled) = (CreditAmount.Of(found.Granted), CreditAmount.Of(found.Settled));
        var same = api.Included == granted && api.Used == settled && api.Remaining == Math.Max(0, granted - settled);
        return new CheckResponse("api", same, same ? null : "The budget that callers read is not the ledger's.");
    }
}

/// <summary>One comparison.</summary>
/// <param name="Detail">What did not agree; null when it passed.</param>
public sealed record CheckResponse(string Name, bool Passed, string? Detail)
{
    internal static CheckResponse Of(LedgerCheck check) => new(check.Name, check.Passed, check.Detail);
}
