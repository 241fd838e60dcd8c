namespace Informer.Ai.Storage;

/// <summary>A directory of one test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("informer-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
