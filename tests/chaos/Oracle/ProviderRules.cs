using Informer.Ai.Books;
using Informer.Ai.Calls;
using Informer.Ai.Simulator;

namespace Informer.Ai.Oracle;

/// <summary>What the provider served against what was held before and charged after.</summary>
internal static class ProviderRules
{
    // The clocks are one, and a hold is stamped before it is durable: this is only what a stamp may be rounded by.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    public static IEnumerable<string> Violations(RoundBooks books)
    {
        var entities = books.Clients.ToDictionary(call => call.Plan.Mark, call => call.Plan.Entity);
        foreach (var stray in books.Provider.Where(served => served.Mark is null || !entities.ContainsKey(served.Mark)))
        {
            // A caller may leave, or its process die, within its request: the provider has not read what it was asked.
            if (stray is not { Outcome: RequestOutcome.Cut, Model: null, TokensSent: 0 })
            {
                yield return $"L17 request {stray.Id} of the provider is nobody's: {stray}";
            }
        }

        var served = books.Provider.Where(request => request.Mark is not null && entities.ContainsKey(request.Mark)).ToLookup(request => entities[request.Mark!]);
        var holds = books.Holds.ToLookup(hold => hold.Taken.Entity);
        foreach (var group in served)
        {
            var taken = holds[group.Key].Select(hold => hold.Taken.At).Order().ToList();
            var arrived = group.Select(request => request.StartedAt).Order().ToList();
            if (Enumerable.Range(0, arrived.Count).Any(at => at >= taken.Count || taken[at] > arrived[at] + Rounding))
            {
                yield return $"L17 {arrived.Count} requests reached the provider for {group.Key} ({string.Join(", ", arrived.Select(Time))}) on {taken.Count} holds ({string.Join(", ", taken.Select(Time))})";
            }
        }

        foreach (var call in books.Clients.Where(call => call.Plan.Entity.EndsWith(call.Plan.Mark, StringComparison.Ordinal)))
        {
            var (requests, own) = (served[call.Plan.Entity].ToList(), holds[call.Plan.Entity].ToList());
            if (requests.Count == 1 && own.Count == 1)
            {
                foreach (var violation in Charged(books, call, requests[0], own[0]))
                {
                    yield return $"{violation}; {requests[0]}; {call}";
                }
            }
        }
    }

    // One hold, one request: the charge is the provider's count, or our own of what it sent.
    private static IEnumerable<string> Charged(RoundBooks books, CallRecord call, ServedRequest request, HoldHistory hold)
    {
        var used = books.Ledger.Usage.LastOrDefault(usage => usage.Hold == hold.Id);
        // Who joins a chat may be told of somebody else's answer: the chat goes on.
        var failed = call.Sends.Any(send => !send.Joins && send.Ending == Ending.ProviderFailed);
        if (failed && hold.Charged != 0)
        {
            yield return $"L12 nothing came and {hold.Charged} were charged";
        }

        var finished = call.Sends.Any(send => !send.Joins && send.Ending == Ending.Finished);
        if (finished && request is { Outcome: RequestOutcome.Completed, TokensSent: > 0 } && hold.Charged == 0)
        {
            yield return "L13 the provider served and nothing was charged";
        }

        if (used is null)
        {
            yield break;
        }

        var price = Price.Of(used.Model, used.Input, used.Output, used.CacheRead);
        if (hold.Charged != price && used.Kind != "expired")
        {
            yield return $"L16 {hold.Charged} were charged for tokens that cost {price}";
        }

        var honest = request.Fault is null;
        if (honest && !used.Estimated && (used.Input, used.Output) != (request.PromptTokens, request.CompletionTokens))
        {
            yield return $"L13 charged were {used.Input} and {used.Output} tokens, the provider served {request.PromptTokens} and {request.CompletionTokens}";
        }

        // We count what the provider sent, not what it claims; a count may differ where tokens are joined.
        if (used.Estimated && used.Output > request.TokensSent + (request.TokensSent / 50) + 8)
        {
            yield return $"L13 {used.Output} tokens were charged by our own count and the provider had sent {request.TokensSent}";
        }
    }

    private static string Time(DateTimeOffset moment) => moment.ToString("mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);
}
