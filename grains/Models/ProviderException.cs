namespace Informer.Ai.Models;

/// <summary>A provider did not do what was asked. Its message is safe to show: it holds nothing the provider sent.</summary>
public sealed class ProviderException : Exception
{
    public ProviderException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    public ProviderException()
        : this("PROVIDER_ERROR", "The model provider failed.")
    {
    }

    public ProviderException(string message)
        : this("PROVIDER_ERROR", message)
    {
    }

    public ProviderException(string message, Exception innerException)
        : this("PROVIDER_ERROR", message, innerException)
    {
    }

    /// <summary>PROVIDER_TIMEOUT, PROVIDER_RATE_LIMITED, PROVIDER_REJECTED, PROVIDER_UNREACHABLE or PROVIDER_ERROR.</summary>
    public string Code { get; }

    /// <summary>It may pass, or be this provider's alone: another model may serve the same call.</summary>
    public bool AnotherMayServe => Code is not ("PROVIDER_REJECTED" or "PROVIDER_CREDENTIAL_MISSING");
}
