using System.Diagnostics;

namespace Informer.Ai.Deployments;

/// <summary>A disk in memory that is small enough to be filled in a moment.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Megabytes = 32;

    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Ballast => Path.Combine(_path, "ballast");

    /// <summary>Why disks cannot be mounted here; null when they can.</summary>
    public static async Task<string?> Refused()
    {
        using var directory = new TestDirectory();
        try
        {
            await using var disk = await Mount(directory.Path);
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return refused.Message;
        }
    }

    /// <exception cref="InvalidOperationException">This user may not mount.</exception>
    public static async Task<SmallDisk> Mount(string path)
    {
        await Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", path);
        return new SmallDisk(path);
    }

    /// <summary>Takes the last byte.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        for (var size = block.Length; size > 0;)
        {
            try
            {
                ballast.Write(block, 0, size);
            }
            catch (IOException)
            {
                // A smaller piece may still fit.
                size /= 2;
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync() => await Run("umount", _path);

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(said.Trim());
        }
    }
}
