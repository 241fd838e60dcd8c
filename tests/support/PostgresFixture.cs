using Xunit;

namespace Informer.Ai;

/// <summary>The Postgres server of a test assembly, started for the first test that asks for a database. It
/// does not wait for the disk: what its tests end are sessions and processes, and not the machine.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.CreateAsync(durable: false));

    /// <summary>A fresh database; skips the test where there is no Postgres, unless components are required.</summary>
    public async Task<string> CreateDatabaseAsync() => await (await ServerAsync()).CreateDatabaseAsync();

    /// <summary>The server itself, for sessions to be ended on. Others use it too: who stops one needs its own.</summary>
    public async Task<PostgresServer> ServerAsync()
    {
        Need();
        return await _server.Value;
    }

    /// <summary>Skips the test where there is no Postgres, unless components are required.</summary>
    public static void Need()
    {
        if (PostgresServer.MissingReason is { } missing)
        {
            Assert.False(Environment.GetEnvironmentVariable("INFORMER_REQUIRE_COMPONENTS") == "1", missing);
            Assert.Skip(missing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
