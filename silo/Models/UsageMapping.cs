using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>A chat model whose vendor counts in other terms than <see cref="ReportedUsage"/>: each report is put into them.</summary>
internal abstract class UsageMapping(IChatClient inner) : DelegatingChatClient(inner)
{
    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken);
        response.Usage = response.Usage is { } usage ? Map(usage, response.RawRepresentation) : null;
        return response;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<object> raw = [];
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            if (update.RawRepresentation is { } seen && TellsUsage(seen))
            {
                raw.Add(seen);
            }

            foreach (var report in update.Contents.OfType<UsageContent>())
            {
                report.Details = Map(report.Details, raw);
            }

            yield return update;
        }
    }

    /// <summary>An event of the vendor's stream is needed for the mapping.</summary>
    protected virtual bool TellsUsage(object raw) => false;

    /// <summary>The usage in our terms.</summary>
    /// <param name="raw">The vendor's whole answer, or those of its events that tell of usage.</param>
    protected abstract UsageDetails Map(UsageDetails usage, object? raw);
}

/// <summary>
/// Some of those who speak OpenAI's API count a model's reasoning in the total only: what the total has beyond input
/// and output was generated, and is charged as output.
/// </summary>
internal sealed class HiddenReasoning(IChatClient inner) : UsageMapping(inner)
{
    protected override UsageDetails Map(UsageDetails usage, object? raw)
    {
        var hidden = usage.TotalTokenCount - usage.InputTokenCount - usage.OutputTokenCount;
        if (hidden > 0)
        {
            usage.OutputTokenCount += hidden;
            usage.ReasoningTokenCount = Math.Max(usage.ReasoningTokenCount ?? 0, hidden.Value);
        }

        return usage;
    }
}
