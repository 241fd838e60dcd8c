using System.ClientModel;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>Turns whatever a vendor's library throws into a <see cref="ProviderException"/> that is safe to show.</summary>
internal sealed class ProviderFailures(IChatClient inner) : DelegatingChatClient(inner)
{
    /// <summary>The failure as it may be shown.</summary>
    public static ProviderException Describe(Exception failure) => failure switch
    {
        ProviderException known => known,
        AggregateException { InnerException: { } inner } => Describe(inner),
        ClientResultException { Status: 429 } => new("PROVIDER_RATE_LIMITED", "The model provider is limiting its rate. Try again later.", failure),
        ClientResultException { Status: 408 or 504 } => new("PROVIDER_TIMEOUT", "The model provider did not answer in time.", failure),
        ClientResultException { Status: >= 300 and < 400 } => new("PROVIDER_REJECTED", "The model provider answered with a redirect, which is not followed.", failure),
        ClientResultException { Status: >= 400 and < 500 } rejected => new("PROVIDER_REJECTED", $"The model provider rejected the call (status {rejected.Status}).", failure),
        ClientResultException { Status: >= 500 } broken => new("PROVIDER_ERROR", $"The model provider failed (status {broken.Status}).", failure),
        OperationCanceledException or TimeoutException => new("PROVIDER_TIMEOUT", "The model provider did not answer in time.", failure),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            new("PROVIDER_UNREACHABLE", "The model provider could not be reached.", failure),
        HttpRequestException or IOException => new("PROVIDER_UNREACHABLE", "The connection to the model provider was lost.", failure),
        ClientResultException { InnerException: { } inner } => Describe(inner),
        JsonException or FormatException or InvalidOperationException => new("PROVIDER_ERROR", "The model provider sent something that cannot be read.", failure),
        _ => new("PROVIDER_ERROR", "The model provider failed.", failure),
    };

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Describe(failure);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw Describe(failure);
            }

            yield return updates.Current;
        }
    }
}
