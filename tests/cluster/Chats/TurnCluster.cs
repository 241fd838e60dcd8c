using System.Collections.Immutable;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Storage.Sqlite;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Informer.Ai.Chats;

/// <summary>One silo with everything that a turn needs, over an embedded database, with a model that follows a script.</summary>
internal sealed class TurnCluster : IAsyncDisposable
{
    public static readonly TenantId Tenant = new("acme");
    public static readonly UserId User = new("ann");

    private readonly string _directory = Directory.CreateTempSubdirectory("informer-ai-turn-").FullName;
    private readonly SqliteDatabase _database;
    private readonly InProcessTestCluster _cluster;
    private readonly IdSource _ids = new(TimeProvider.System);

    private TurnCluster()
    {
        _database = SqliteDatabase.Open(_directory, TimeProvider.System);
        Ledger = new FaultyLedger(new SqliteLedger(_database, TimeProvider.System));
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddSqliteGrainStorage();
            silo.Services
                .AddSingleton(_database)
                .AddSqliteStorage(_directory)
                .AddSingleton<ILedger>(Ledger)
                .AddSingleton<IModelClients>(Model)
                .AddGrains(new ConfigurationBuilder().Build());
        });
        _cluster = builder.Build();
    }

    public FaultyLedger Ledger { get; }

    public ScriptedModel Model { get; } = new();

    public ICreditPoolGrain Pool => _cluster.Client.GetGrain<ICreditPoolGrain>(Tenant.Value);

    public static async Task<TurnCluster> Start(long grantedMicro = 1_000_000_000, bool byok = false)
    {
        var cluster = new TurnCluster();
        await cluster._cluster.DeployAsync();
        await cluster._cluster.Client.GetGrain<ITenantGrain>(Tenant.Value)
            .Entitle(new Entitlement(true, true, TimeProvider.System.GetUtcNow().AddYears(1)));
        if (grantedMicro > 0)
        {
            await cluster.Pool.Grant("first", grantedMicro, "test");
        }

        if (byok)
        {
            await cluster.BringOwnKey();
        }

        return cluster;
    }

    /// <summary>A turn's id, and its answer to being run as a direct call.</summary>
    public async Task<(TurnId Turn, IInvocationGrain Grain, RunAnswer Answer)> Run(string model = "go_everyday")
    {
        var turn = new TurnId(_ids.Next());
        var grain = _cluster.Client.GetGrain<IInvocationGrain>(UserKey.Of(Tenant, User, turn.Value));
        var answer = await grain.Run(Request(turn, model));
        return (turn, grain, answer);
    }

    /// <summary>A direct call.</summary>
    public static InvocationRequest Request(TurnId turn, string model) => new(
        turn, model, [new PromptMessage("1", "user", """[{"type":"text","text":"Hello"}]""")], null, null, ImmutableArray<ToolSpec>.Empty, OutputSize.Small, null, null);

    /// <summary>A new turn's id.</summary>
    public TurnId NewTurn() => new(_ids.Next());

    /// <summary>The grain of a direct call.</summary>
    public IInvocationGrain Invocation(TurnId turn) => _cluster.Client.GetGrain<IInvocationGrain>(UserKey.Of(Tenant, User, turn.Value));

    /// <summary>All events of a turn.</summary>
    public static async Task<List<TurnEvent>> Watch(ITurnGrain grain, TurnId turn)
    {
        List<TurnEvent> events = [];
        await foreach (var happened in grain.Watch(turn, 0, CancellationToken.None))
        {
            events.Add(happened);
        }

        return events;
    }

    /// <summary>Waits until no hold is open.</summary>
    public async Task Settled()
    {
        for (var tries = 0; await Number("SELECT COUNT(*) FROM credit_hold") > 0; tries++)
        {
            Assert.True(tries < 200_000, "The hold was never resolved.");
        }
    }

    /// <summary>A number from the database.</summary>
    public Task<long> Number(string sql) => _database.ReadAsync(session => session.Number(sql), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task BringOwnKey()
    {
        var catalog = _cluster.Client.GetGrain<IModelCatalogGrain>(Tenant.Value);
        var now = TimeProvider.System.GetUtcNow();
        await catalog.PutProvider(new ProviderEntry("own", "Own", "openai", false, "https://models.invalid/v1", now, now));
        foreach (var tier in new[] { Tier.Everyday, Tier.Strategic })
        {
            var managed = await catalog.Find(tier);
            Assert.Null(await catalog.PutModel(managed! with { Id = $"own-{tier}", Slug = $"own-{tier}", ProviderId = "own", Internal = false, FallbackIds = [tier] }));
        }
    }
}
