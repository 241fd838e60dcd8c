using System.Text;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>The text of an answer that nobody watches, as it comes in.</summary>
internal sealed class CollectedText(TokenCounter counter, int outputTokensMax)
{
    private readonly StringBuilder _text = new();

    /// <summary>Our count of what came, reasoning included.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>Something came.</summary>
    public bool Any => OutputTokens > 0 || Complete;

    /// <summary>The provider has said how it ended.</summary>
    public bool Complete => FinishReason is not null && !Cut;

    public ChatFinishReason? FinishReason { get; private set; }

    /// <summary>Its last report; counts are of the whole call so far.</summary>
    public UsageDetails? Report { get; private set; }

    private bool Cut { get; set; }

    /// <summary>Takes what came; false when it goes beyond its limit and is to be cut.</summary>
    /// <exception cref="ProviderException">The provider tells of a failure.</exception>
    public bool Take(ChatResponseUpdate update)
    {
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    OutputTokens += counter.Count(text.Text);
                    _text.Append(text.Text);
                    break;
                case TextReasoningContent reasoning:
                    OutputTokens += counter.Count(reasoning.Text);
                    break;
                case UsageContent usage:
                    Report = usage.Details;
                    break;
                case ErrorContent:
                    throw new ProviderException();
                default:
                    break;
            }
        }

        FinishReason = update.FinishReason ?? FinishReason;
        if (OutputTokens <= OutputSize.TokensTolerated(outputTokensMax))
        {
            return true;
        }

        (FinishReason, Cut) = (ChatFinishReason.Length, true);
        return false;
    }

    /// <summary>The whole text.</summary>
    /// <exception cref="ProviderException">It ended early.</exception>
    public string End() => FinishReason is null
        ? throw new ProviderException("PROVIDER_ERROR", "The model provider's answer ended early.")
        : _text.ToString();
}
