using System.ClientModel;
using System.Text.Json;
using Anthropic.Exceptions;
using Polly.CircuitBreaker;

namespace Informer.Ai.Models;

/// <summary>Turns whatever a vendor's library throws into a <see cref="ProviderException"/> that is safe to show.</summary>
internal static class ProviderFailures
{
    /// <summary>The failure as it may be shown.</summary>
    public static ProviderException Describe(Exception failure) => failure switch
    {
        ProviderException known => known,
        AddressRefusedException => new("PROVIDER_ADDRESS_REFUSED", "The address of this provider is not allowed: it must be public, and begin with https.", failure),
        BrokenCircuitException => new("PROVIDER_UNAVAILABLE", "The model provider has failed too often and is left alone for a moment. Try again later.", failure),
        AggregateException { InnerException: { } inner } => Describe(inner),
        ClientResultException { Status: > 0 } answered => OfStatus(answered.Status, failure),
        AnthropicApiException answered => OfStatus((int)answered.StatusCode, failure),
        HttpRequestException { InnerException: AddressRefusedException refused } => Describe(refused),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            new("PROVIDER_UNREACHABLE", "The model provider could not be reached.", failure),
        HttpRequestException or IOException => new("PROVIDER_UNREACHABLE", "The connection to the model provider was lost.", failure),
        OperationCanceledException or TimeoutException => new("PROVIDER_TIMEOUT", "The model provider did not answer in time.", failure),
        ClientResultException { InnerException: { } inner } => Describe(inner),
        AnthropicException { InnerException: { } inner } => Describe(inner),
        JsonException or FormatException or InvalidOperationException or AnthropicInvalidDataException =>
            new("PROVIDER_ERROR", "The model provider sent something that cannot be read.", failure),
        _ => new("PROVIDER_ERROR", "The model provider failed.", failure),
    };

    private static ProviderException OfStatus(int status, Exception failure) => status switch
    {
        429 => new("PROVIDER_RATE_LIMITED", "The model provider is limiting its rate. Try again later.", failure),
        408 or 504 => new("PROVIDER_TIMEOUT", "The model provider did not answer in time.", failure),
        >= 300 and < 400 => new("PROVIDER_REJECTED", "The model provider answered with a redirect, which is not followed.", failure),
        >= 400 and < 500 => new("PROVIDER_REJECTED", $"The model provider rejected the call (status {status}).", failure),
        >= 500 => new("PROVIDER_ERROR", $"The model provider failed (status {status}).", failure),
        _ => new("PROVIDER_ERROR", "The model provider sent something that cannot be read.", failure),
    };
}
