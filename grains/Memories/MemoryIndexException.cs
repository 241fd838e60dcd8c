namespace Informer.Ai.Memories;

/// <summary>The index of memories cannot be used at the moment. Its message holds nothing of a memory.</summary>
public sealed class MemoryIndexException : Exception
{
    public MemoryIndexException()
        : this("The index of memories cannot be used.")
    {
    }

    public MemoryIndexException(string message)
        : base(message)
    {
    }

    public MemoryIndexException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
