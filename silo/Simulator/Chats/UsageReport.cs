using Informer.Ai.Simulator.Directives;

namespace Informer.Ai.Simulator.Chats;

/// <summary>The usage object, honest or not.</summary>
internal sealed record UsageReport(int PromptTokens, Directive Directive)
{
    public string Json(long visibleTokens)
    {
        var completion = visibleTokens + Directive.Reasoning;
        return Directive.Fault switch
        {
            Fault.UsageNegative => Json("-" + PromptTokens, "-" + completion, "-" + (PromptTokens + completion)),
            Fault.UsageHuge => Json($"{Directive.Value}", $"{Directive.Value}", $"{Total(Directive.Value)}"),
            Fault.UsageNaN => Json("NaN", "NaN", "NaN"),
            Fault.UsageZero => Json("0", "0", "0"),
            _ => Json($"{PromptTokens}", $"{completion}", $"{PromptTokens + completion}"),
        };
    }

    // As long as a client could hold the value, it should not stumble over the sum instead.
    private static long Total(long value) =>
        value <= int.MaxValue ? Math.Min(value * 2, int.MaxValue) : value;

    private string Json(string prompt, string completion, string total) =>
        $"{{\"prompt_tokens\":{prompt},\"completion_tokens\":{completion},\"total_tokens\":{total},"
        + $"\"prompt_tokens_details\":{{\"cached_tokens\":{Directive.Cached},\"audio_tokens\":0}},"
        + $"\"completion_tokens_details\":{{\"reasoning_tokens\":{Directive.Reasoning},\"audio_tokens\":0,"
        + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}";
}
