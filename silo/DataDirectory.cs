namespace Informer.Ai;

/// <summary>The full path of the directory that holds a process's own files.</summary>
public sealed record DataDirectory(string Path)
{
    /// <summary>Where the first start writes who may come in.</summary>
    public string BootstrapFile => System.IO.Path.Combine(Path, "bootstrap.json");

    /// <summary>Makes it, for its owner's eyes only, if it is not there.</summary>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What to say when it cannot be used.</summary>
    public StartupException Unusable(Exception reason) => new(
        $"Informer:DataDirectory {Path} cannot be used: {reason.Message} Choose one that this user may write to.", reason);
}
