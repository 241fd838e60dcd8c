namespace Informer.Ai;

/// <summary>The service cannot start as it is set up. The message says what is wrong and how to mend it.</summary>
public sealed class StartupException : Exception
{
    public StartupException()
    {
    }

    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
