using Informer.Ai.Storage.Postgres;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(Informer.Ai.PostgresFixture))]

namespace Informer.Ai.Storage;

public sealed class PostgresDatabaseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Processes_that_start_at_once_make_the_schema_once()
    {
        var address = await postgres.CreateDatabaseAsync();

        var databases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open(address)));

        var made = await Number(databases[0], "SELECT count(*) FROM schema_migration");
        Assert.Equal(made, await Number(databases[1], "SELECT count(DISTINCT number) FROM schema_migration"));
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_processes_that_start_at_once_one_has_the_turn_to_fill_the_database()
    {
        const string Waiting =
            """
            SELECT count(*) FROM pg_locks
            WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;
        var address = await postgres.CreateDatabaseAsync();
        await using var one = await Open(address);
        await using var other = await Open(address);
        var first = await new PostgresBootstrapTurn(one).TakeAsync(CancellationToken.None);

        var second = new PostgresBootstrapTurn(other).TakeAsync(CancellationToken.None);
        while (!second.IsCompleted && await Number(one, Waiting) == 0)
        {
            // It is on its way to the database.
        }

        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task A_database_that_a_newer_program_changed_is_refused_and_left_alone()
    {
        var address = await postgres.CreateDatabaseAsync();
        await using (var database = await Open(address))
        {
            await using var command = database.Source.CreateCommand("INSERT INTO schema_migration VALUES (9001, 'later', now())");
            await command.ExecuteNonQueryAsync();
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Open(address));

        Assert.Contains("9001", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_waits_for_ever_unless_the_connection_string_says_so()
    {
        var address = await postgres.CreateDatabaseAsync();
        await using var usual = await Open(address);
        await using var patient = await Open(address + ";Maximum Pool Size=7;Options=-c statement_timeout=70000");

        foreach (var setting in new[]
        {
            "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "tcp_user_timeout", "tcp_keepalives_idle",
        })
        {
            Assert.True(await Number(usual, $"SELECT setting::bigint FROM pg_settings WHERE name = '{setting}'") > 0, setting);
        }

        Assert.Equal(70_000, await Number(patient, "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'"));
        Assert.Equal(10_000, await Number(patient, "SELECT setting::bigint FROM pg_settings WHERE name = 'lock_timeout'"));
        Assert.Equal(7, new NpgsqlConnectionStringBuilder(patient.Source.ConnectionString).MaxPoolSize);
        Assert.Equal(1, await Number(usual, "SELECT count(*) FROM pg_stat_activity WHERE pid = pg_backend_pid() AND application_name = 'informer-ai'"));
    }

    [Fact]
    public async Task A_statement_that_comes_again_is_prepared()
    {
        await using var database = await Open(await postgres.CreateDatabaseAsync());
        await using var connection = await database.Source.OpenConnectionAsync();

        for (var i = 0; i < 3; i++)
        {
            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT count%'", connection);
            Assert.Equal(i == 0 ? 0 : 1, (long)(await command.ExecuteScalarAsync())!);
        }
    }

    [Fact]
    public async Task Sessions_that_the_server_ended_are_replaced()
    {
        var address = await postgres.CreateDatabaseAsync();
        await using var database = await Open(address);
        await Number(database, "SELECT 1::bigint");

        await (await postgres.ServerAsync()).TerminateSessionsAsync(address);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Number(database, "SELECT 1::bigint"));
        Assert.Equal(1, await Number(database, "SELECT 1::bigint"));
    }

    private static Task<PostgresDatabase> Open(string address) =>
        PostgresDatabase.OpenAsync(address, TimeProvider.System, default);

    private static async Task<long> Number(PostgresDatabase database, string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
