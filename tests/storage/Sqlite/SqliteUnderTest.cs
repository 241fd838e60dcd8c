using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Storage.Sqlite;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Informer.Ai.Storage;

/// <summary>The embedded database in a directory that is gone afterwards.</summary>
public sealed class SqliteUnderTest : IStorageUnderTest
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 20, 10, 0, 0, TimeSpan.Zero));

    public SqliteUnderTest() => Database = SqliteDatabase.Open(DataDirectory.Path, _time);

    public TemporaryDirectory DataDirectory { get; } = new();

    public SqliteDatabase Database { get; private set; }

    public ILedger Ledger => new SqliteLedger(Database, _time);

    public ILedgerAudit Audit => new SqliteLedgerAudit(Database, _time);

    public IChatStore Chats => new SqliteChatStore(Database);

    public ICheckpointStore Checkpoints => new SqliteCheckpointStore(Database, _time);

    public IMemoryStore Memories => new SqliteMemoryStore(Database);

    public IAccountStore Accounts => new SqliteAccountStore(Database);

    public string Epoch => "0";

    public IGrainStorage GrainStorage(IGrainStorageSerializer serializer, IActivatorProvider activators) =>
        new SqliteGrainStorage(Database, serializer, activators);

    public async Task ReopenAsync()
    {
        await Database.DisposeAsync();
        Database = SqliteDatabase.Open(DataDirectory.Path, _time);
    }

    public Task PassAsync(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            _time.AdjustTime(_time.GetUtcNow() + time);
        }
        else
        {
            _time.Advance(time);
        }

        return Task.CompletedTask;
    }

    public Task ExecuteAsync(string sql) => Database.WriteAsync(session => session.Execute(sql), default);

    public Task ExecuteUnguardedAsync(string sql) => Database.WriteAsync(
        session =>
        {
            foreach (var table in new[] { "ledger_entry", "usage_event" })
            {
                session.Execute($"DROP TRIGGER IF EXISTS {table}_no_update");
                session.Execute($"DROP TRIGGER IF EXISTS {table}_no_delete");
            }

            session.Execute(sql);
        },
        default);

    public Task<long> NumberAsync(string sql) => Database.ReadAsync(session => session.Number(sql), default);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        DataDirectory.Dispose();
    }
}
