using System.Globalization;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Storage.Postgres;
using Informer.Ai.Tenancy;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Informer.Ai.Storage;

/// <summary>A database of its own on the server of the test assembly.</summary>
public sealed class PostgresUnderTest : IStorageUnderTest
{
    private readonly string _address;

    public PostgresUnderTest(PostgresFixture postgres)
    {
        _address = Task.Run(postgres.CreateDatabaseAsync).GetAwaiter().GetResult();
        Database = Task.Run(OpenAsync).GetAwaiter().GetResult();
    }

    public PostgresDatabase Database { get; private set; }

    public ILedger Ledger => new PostgresLedger(Database.Ledger);

    public ILedgerAudit Audit => new PostgresLedgerAudit(Database.Source);

    public IChatStore Chats => new PostgresChatStore(Database);

    public ICheckpointStore Checkpoints => new PostgresCheckpointStore(Database);

    public IMemoryStore Memories => new PostgresMemoryStore(Database);

    public IAccountStore Accounts => new PostgresAccountStore(Database);

    public string Epoch => "'epoch'";

    public IGrainStorage GrainStorage(IGrainStorageSerializer serializer, IActivatorProvider activators) =>
        new PostgresGrainStorage(Database, serializer, activators);

    public async Task ReopenAsync()
    {
        await Database.DisposeAsync();
        Database = await OpenAsync();
    }

    /// <summary>The database's clock cannot be set: what it has dated is dated back instead.</summary>
    public Task PassAsync(TimeSpan time)
    {
        var passed = $"interval '{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds'";
        return ExecuteAsync(
            $"""
            UPDATE turn_checkpoint SET at = at - {passed};
            UPDATE credit_hold SET touched_at = touched_at - {passed};
            """);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task ExecuteUnguardedAsync(string sql) => ExecuteAsync(
        $"""
        ALTER TABLE ledger_entry DISABLE TRIGGER USER;
        ALTER TABLE usage_event DISABLE TRIGGER USER;
        GRANT UPDATE, DELETE ON ledger_entry, usage_event TO CURRENT_USER;
        {sql}
        """);

    public async Task<long> NumberAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private Task<PostgresDatabase> OpenAsync() => PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
}
