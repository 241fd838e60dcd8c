namespace Informer.Ai.Credits;

/// <summary>
/// The ledger did not confirm a write: it may or may not have happened. Nothing was acknowledged; the same
/// command with the same id is safe to send again.
/// </summary>
[GenerateSerializer, Alias("ledger-unavailable")]
public sealed class LedgerUnavailableException : Exception
{
    public LedgerUnavailableException()
        : base("The credit ledger did not confirm the write.")
    {
    }

    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    public LedgerUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
