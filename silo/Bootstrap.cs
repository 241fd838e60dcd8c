using System.Security.Cryptography;
using System.Text.Json;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Informer.Ai;

/// <summary>
/// Fills an empty store with a demo tenant, so that the first request can follow the first start. Each step can
/// be repeated, so a start that was interrupted is completed by the next one; a complete store is left alone. Of
/// processes that start at once, one fills it and has the tokens in its directory.
/// </summary>
internal sealed class Bootstrap(
    IBootstrapTurn turn,
    IAccountStore accounts,
    ILedger ledger,
    IGrainFactory grains,
    DataDirectory directory,
    IOptions<InformerOptions> options,
    IdSource ids,
    TimeProvider time) : IHostedService
{
    private const string Grant = "bootstrap";
    private const int LicenceYears = 10;

    private static readonly TenantId Demo = new("demo");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The tokens of a first start, to be shown once.</summary>
    public BootstrapFile? Fresh { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (await turn.TakeAsync(cancellationToken))
        {
            if (await accounts.IsEmptyAsync(cancellationToken))
            {
                Fresh = await AddAccounts(cancellationToken);
            }
        }

        if (File.Exists(directory.BootstrapFile) && !await ledger.HasKeyAsync(Demo, Grant, cancellationToken))
        {
            await grains.GetGrain<ITenantGrain>(Demo.Value)
                .Entitle(new Entitlement(Ai: true, options.Value.BootstrapByok, time.GetUtcNow().AddYears(LicenceYears)));
            await grains.GetGrain<ICreditPoolGrain>(Demo.Value)
                .Grant(Grant, checked(options.Value.BootstrapCredits * 1_000_000), "First start");
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<BootstrapFile> AddAccounts(CancellationToken cancellation)
    {
        using var random = RandomNumberGenerator.Create();
        var (operatorToken, adminToken, analystToken) = (ApiToken.Create(random), ApiToken.Create(random), ApiToken.Create(random));
        var file = new BootstrapFile(
            Demo.Value,
            new BootstrapOperator(operatorToken.Text),
            new BootstrapUser("admin", Password(), adminToken.Text),
            new BootstrapUser("analyst", Password(), analystToken.Text));

        // The file comes first: accounts whose tokens nobody knows would be of no use.
        await Write(file, cancellation);
        var now = time.GetUtcNow();
        string[] tenantPermissions = [Permission.AiManage, Permission.TenantSuperuser, Permission.UsageWrite, Permission.BillingManage];
        var operatorUser = User("operator", "Operator", null, [Permission.PlatformOperator], ai: false, now);
        var admin = User("admin", "Administrator", file.Admin.Password, tenantPermissions, ai: true, now);
        var analyst = User("analyst", "Analyst", file.Analyst.Password, [], ai: true, now);
        await accounts.AddAsync(
            new StoredTenant(Demo, "Demo", true, now),
            [operatorUser, admin, analyst],
            [Token(operatorToken, operatorUser, now), Token(adminToken, admin, now), Token(analystToken, analyst, now)],
            cancellation);
        return file;
    }

    private StoredUser User(
        string name, string displayName, string? password, IReadOnlyList<string> permissions, bool ai, DateTimeOffset now) => new(
        Demo,
        new UserId(ids.Next().ToString("N")),
        name,
        displayName,
        null,
        password is null ? null : new PasswordHasher<string>().HashPassword(name, password),
        permissions,
        ai,
        now);

    private static StoredToken Token(ApiToken token, StoredUser user, DateTimeOffset now) =>
        new(token.Id, user.Tenant, user.Id, "First start", token.SecretHash(), null, now);

    private static string Password() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    private async Task Write(BootstrapFile file, CancellationToken cancellation)
    {
        var draft = directory.BootstrapFile + ".draft";
        File.Delete(draft);
        var owner = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            owner.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var stream = new FileStream(draft, owner))
        {
            await JsonSerializer.SerializeAsync(stream, file, Json, cancellation);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, directory.BootstrapFile, overwrite: true);
    }
}

/// <summary>Who may come in after the first start.</summary>
internal sealed record BootstrapFile(string Tenant, BootstrapOperator Operator, BootstrapUser Admin, BootstrapUser Analyst);

internal sealed record BootstrapOperator(string Token);

internal sealed record BootstrapUser(string Username, string Password, string Token);
