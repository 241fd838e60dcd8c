namespace Informer.Ai.Credits;

/// <summary>
/// The tenant's ledger failed its verification: credits that cannot be counted are not held. Nothing was held;
/// a verification that passes lifts it.
/// </summary>
[GenerateSerializer, Alias("ledger-inconsistent")]
public sealed class LedgerInconsistentException : Exception
{
    public LedgerInconsistentException()
        : base("The credit ledger failed its verification and holds no new credits.")
    {
    }

    public LedgerInconsistentException(string message)
        : base(message)
    {
    }

    public LedgerInconsistentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
