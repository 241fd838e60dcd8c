using System.Data.Common;
using Informer.Ai.Storage;
using Xunit;

namespace Informer.Ai.Tenancy;

/// <summary>What every store of accounts does.</summary>
public abstract class AccountStoreBehaviour(IStorageUnderTest storage) : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly StoredTenant Acme = new(new TenantId("acme"), "Acme", true, Noon);
    private static readonly StoredUser Ann = new(
        Acme.Id, new UserId("ann"), "ann", "Ann", "ann@example.com", "hash",
        [Permission.AiManage, Permission.UsageWrite], true, Noon);

    private static readonly StoredToken Token = new(
        "t1", Acme.Id, Ann.Id, "laptop", [.. Enumerable.Range(0, 32).Select(i => (byte)i)], Noon.AddDays(30), Noon);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_found_with_its_owner_also_after_a_restart()
    {
        Assert.True(await storage.Accounts.IsEmptyAsync(default));
        await storage.Accounts.AddAsync(Acme, [Ann], [Token, Token with { Id = "t2", ExpiresAt = null }], default);

        await storage.ReopenAsync();

        Assert.False(await storage.Accounts.IsEmptyAsync(default));
        var (token, owner) = (await storage.Accounts.FindTokenAsync("t1", default))!.Value;
        Assert.Equal(Token.SecretHash, token.SecretHash);
        Assert.Equal(Token, token with { SecretHash = Token.SecretHash });
        Assert.Equal(Ann.Permissions, owner.Permissions);
        Assert.Equal(new Principal(Acme.Id, Ann.Id, "ann", default, true, true), owner with { Permissions = default });
        Assert.Null((await storage.Accounts.FindTokenAsync("t2", default))!.Value.Token.ExpiresAt);
    }

    [Fact]
    public async Task A_token_that_never_was_is_not_found() =>
        Assert.Null(await storage.Accounts.FindTokenAsync("t1", default));

    [Theory]
    [InlineData("UPDATE app_user SET disabled = true WHERE id = 'ann'")]
    [InlineData("UPDATE tenant SET disabled = true WHERE id = 'acme'")]
    public async Task A_token_of_a_disabled_user_or_tenant_is_not_found(string disable)
    {
        await storage.Accounts.AddAsync(Acme, [Ann], [Token], default);

        await storage.ExecuteAsync(disable);

        Assert.Null(await storage.Accounts.FindTokenAsync("t1", default));
    }

    [Fact]
    public async Task L27_A_tenant_is_added_whole_or_not_at_all()
    {
        await Assert.ThrowsAnyAsync<DbException>(() => storage.Accounts.AddAsync(
            Acme, [Ann], [Token, Token with { Id = "t2", User = new UserId("nobody") }], default));

        Assert.True(await storage.Accounts.IsEmptyAsync(default));
        Assert.Null(await storage.Accounts.FindTokenAsync("t1", default));
    }
}
