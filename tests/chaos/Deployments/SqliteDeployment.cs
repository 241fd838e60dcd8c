using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Deployments;

/// <summary>One process over a file; on a disk of its own, which can be filled, when that is asked for.</summary>
internal sealed class SqliteDeployment(SimulatorProcess simulator, long credits, bool onSmallDisk) : Deployment(simulator, credits)
{
    private readonly TestDirectory _directory = new();

    /// <summary>The disk under the data, if it has one of its own.</summary>
    public SmallDisk? Disk { get; private set; }

    /// <inheritdoc/>
    protected override string BeginSnapshot => "BEGIN";

    private string DataDirectory => Path.Combine(_directory.Path, "data");

    /// <inheritdoc/>
    public override async Task Start()
    {
        Directory.CreateDirectory(DataDirectory);
        Disk = onSmallDisk ? await SmallDisk.Mount(DataDirectory) : null;
        await Add(DataDirectory);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Disk is not null)
        {
            await Disk.DisposeAsync();
        }

        _directory.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task<DbConnection> OpenStore()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(DataDirectory, "informer.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}
