namespace Informer.Ai.Storage.Sqlite;

/// <summary>
/// Keeps a second process off a data directory for as long as it is held; the operating system drops it when the
/// process dies, however it dies.
/// </summary>
public sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, and makes the directory, for its owner's eyes only, if it is not there.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has it.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        new DataDirectory(directory).Create();
        FileStream? file = null;
        try
        {
            file = new FileStream(
                Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (OperatingSystem.IsLinux())
            {
                // A second kind of lock: the first can be switched off by an environment variable.
                file.Lock(0, 1);
            }

            return new DataDirectoryLock(file);
        }
        catch (IOException failure) when (IsInUse(failure))
        {
            file?.Dispose();
            throw new DataDirectoryInUseException(directory, failure);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>EAGAIN of Linux and of macOS, and the sharing violation of Windows; a full disk is something else.</summary>
    private static bool IsInUse(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);
}

/// <summary>A data directory that another process has.</summary>
public sealed class DataDirectoryInUseException : Exception
{
    public DataDirectoryInUseException()
        : base("The data directory is in use by another process.")
    {
    }

    public DataDirectoryInUseException(string directory)
        : this(directory, null)
    {
    }

    public DataDirectoryInUseException(string directory, Exception? innerException)
        : base(
            $"The data directory '{Path.GetFullPath(directory)}' is in use by another process. Stop that process, "
            + "or start this one with another data directory.",
            innerException)
    {
    }
}
