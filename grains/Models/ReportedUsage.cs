using System.Text.Json;
using Informer.Ai.Credits;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>What a provider says a call has used.</summary>
public static class ReportedUsage
{
    /// <summary>The name, among a report's additional counts, of prompt tokens written to a short-lived cache.</summary>
    public const string CacheWriteShort = "cacheWriteShort";

    /// <summary>Of those written to a long-lived one.</summary>
    public const string CacheWriteLong = "cacheWriteLong";

    /// <summary>
    /// The report in our token kinds: its input has what was read from and written to a cache in it, its output the
    /// reasoning. Null when it cannot be true, such as a negative count or more output than the call could have: such a
    /// call is counted here instead.
    /// </summary>
    /// <param name="inputMax">More prompt than this cannot have been sent.</param>
    /// <param name="outputMax">More output than this cannot have been made.</param>
    public static TokenUsage? Read(UsageDetails report, long inputMax, long outputMax)
    {
        if (report.InputTokenCount is not { } input || report.OutputTokenCount is not { } output)
        {
            return null;
        }

        var cached = report.CachedInputTokenCount ?? 0;
        var reasoning = report.ReasoningTokenCount ?? 0;
        var (written, kept) = (Additional(report, CacheWriteShort), Additional(report, CacheWriteLong));
        var plausible = input >= 0 && output >= 0 && cached >= 0 && reasoning >= 0 && written >= 0 && kept >= 0
            && input <= inputMax && output <= outputMax && reasoning <= output
            && cached <= input && written <= input - cached && kept <= input - cached - written;
        return plausible
            ? new TokenUsage(input - cached - written - kept, output, cached, written, kept, reasoning)
            : null;
    }

    /// <summary>The report on a call without output, such as of embeddings; null when it cannot be true.</summary>
    public static TokenUsage? ReadInput(UsageDetails report, long inputMax) =>
        report.InputTokenCount is { } input && input >= 0 && input <= inputMax ? new TokenUsage(Input: input) : null;

    /// <summary>The most prompt that can be true. Generous: other encodings may count more than we do, but not without end.</summary>
    /// <param name="contextWindow">0 when it is not known.</param>
    public static long InputMax(int contextWindow, long promptTokens) => Math.Max(contextWindow, (promptTokens * 4) + 1_024);

    /// <summary>The most output that can be true; hidden reasoning may go beyond the limit.</summary>
    public static long OutputMax(int outputTokensMax) => (outputTokensMax * 2L) + 1_024;

    /// <summary>The report as it came, for the ledger.</summary>
    public static string Raw(UsageDetails report) => JsonSerializer.Serialize(report, AIJsonUtilities.DefaultOptions);

    private static long Additional(UsageDetails report, string name) => report.AdditionalCounts?.GetValueOrDefault(name) ?? 0;
}
