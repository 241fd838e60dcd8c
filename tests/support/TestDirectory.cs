namespace Informer.Ai;

/// <summary>A directory of one test, deleted with it.</summary>
public sealed class TestDirectory : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("informer-ai-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
