using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Storage.Sqlite;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Xunit;

namespace Informer.Ai.Storage;

public sealed class SqliteStorageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_silo_finds_everything_that_it_needs_of_storage()
    {
        using var host = Silo();
        await host.StartAsync();

        Assert.NotNull(host.Services.GetRequiredService<ILedger>());
        Assert.NotNull(host.Services.GetRequiredService<ILedgerAudit>());
        Assert.NotNull(host.Services.GetRequiredService<IChatStore>());
        Assert.NotNull(host.Services.GetRequiredService<ICheckpointStore>());
        Assert.NotNull(host.Services.GetRequiredService<IAccountStore>());
        Assert.IsType<SqliteGrainStorage>(host.Services.GetRequiredService<IGrainStorage>());
        Assert.IsType<SqliteGrainStorage>(host.Services.GetRequiredKeyedService<IGrainStorage>("Default"));
        await host.StopAsync();
    }

    [Fact]
    public async Task L39_A_second_process_does_not_start()
    {
        using (DataDirectoryLock.Take(_directory.Path))
        {
            using var second = Silo();
            await Assert.ThrowsAsync<DataDirectoryInUseException>(() => second.StartAsync());
        }

        using var next = Silo();
        await next.StartAsync();
        await next.StopAsync();
    }

    private IHost Silo() => new HostBuilder()
        .UseOrleans(silo => silo.UseLocalhostClustering(21_111, 31_111).AddSqliteGrainStorage())
        .ConfigureServices(services => services.AddSqliteStorage(_directory.Path))
        .Build();
}
