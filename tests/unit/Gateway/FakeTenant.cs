using System.Collections.Immutable;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;

namespace Informer.Ai.Gateway;

/// <summary>The grains of one tenant and its users, but for chats.</summary>
internal sealed class FakeTenant :
    IAuthenticationGrain, IModelCatalogGrain, ITenantGrain, IUsageProfileGrain, ICreditPoolGrain, IChatListGrain
{
    public Dictionary<string, (byte[] Hash, Principal Principal)> Tokens { get; } = [];

    public List<ModelEntry> Models { get; } = [Samples.Model("go_everyday"), Samples.Model("embed", chat: false)];

    public List<UsageProfile> UsageProfiles { get; } = [Samples.Profile];

    public ChatQuery? Query { get; private set; }

    public Dictionary<EntityRef, long?> Budgets { get; } = [];

    public Exception? Fails { get; set; }

    public Task<Principal?> ByToken(string tokenId, byte[] secretHash) =>
        Fails is { } failure
            ? Task.FromException<Principal?>(failure)
            : Task.FromResult(Tokens.TryGetValue(tokenId, out var token) && token.Hash.AsSpan().SequenceEqual(secretHash) ? token.Principal : null);

    public Task<ImmutableArray<ModelEntry>> List() => Task.FromResult(Models.ToImmutableArray());

    public Task<ModelEntry?> Find(string idOrSlug) => Task.FromResult(Models.Find(model => model.Id == idOrSlug || model.Slug == idOrSlug));

    public async Task<ResolvedModel?> Resolve(string idOrSlug) =>
        await Find(idOrSlug) is { } model ? new ResolvedModel(model, model, Samples.Provider) : null;

    public Task Entitle(Entitlement? entitlement) => throw new NotSupportedException();

    public Task<Standing> Standing(UserId user) =>
        Task.FromResult(new Standing(new Entitlement(true, false, Samples.Noon), Samples.Profile));

    public Task<ImmutableArray<UsageProfile>> Profiles() => Task.FromResult(UsageProfiles.ToImmutableArray());

    public Task<bool> ChangeProfile(UsageProfile profile)
    {
        var index = UsageProfiles.FindIndex(known => known.Id == profile.Id);
        UsageProfiles[index] = profile;
        return Task.FromResult(true);
    }

    public Task<BudgetReading> Budget() => Task.FromResult(new BudgetReading(
        true,
        Samples.Profile,
        new PoolReading(50_000_000_000, 12_340_000_000, 0, 1_000_000_000, 1_000_000, false),
        new ScopeReading(new Period(202605), 1_234_500_000, 0, null),
        new Period(202605).End));

    public Task<ChatPage> List(ChatQuery query)
    {
        Query = query;
        return Task.FromResult(new ChatPage(0, []));
    }

    public Task<ScopeReading> SetEntityBudget(EntityRef entity, long? microCredits)
    {
        Budgets[entity] = microCredits;
        return ReadEntity(entity);
    }

    public Task<ScopeReading> ReadEntity(EntityRef entity) =>
        Task.FromResult(new ScopeReading(new Period(202605), 2_500_000, 0, Budgets.GetValueOrDefault(entity)));

    public Task<CatalogFault?> PutModel(ModelEntry model) => throw new NotSupportedException();

    public Task<bool> RemoveModel(string idOrSlug) => throw new NotSupportedException();

    public Task<bool> HasOwnProvider() => Task.FromResult(false);

    public Task PutProvider(ProviderEntry provider) => throw new NotSupportedException();

    public Task<ReserveAnswer> Reserve(ReserveRequest request) => throw new NotSupportedException();

    public Task<ReserveAnswer> Reserve(ReserveRequest request, long? capMicroCredits) => throw new NotSupportedException();

    public Task<ExtendAnswer> Extend(HoldId hold, long toMicroCredits) => throw new NotSupportedException();

    public Task<ResolveAnswer> Settle(Settlement settlement) => throw new NotSupportedException();

    public Task<ResolveAnswer> Void(HoldId hold) => throw new NotSupportedException();

    public Task<bool> Grant(string key, long microCredits, string reason) => throw new NotSupportedException();

    public Task<bool> Adjust(string key, long microCredits, UserId? actor, Period period, string reason) => throw new NotSupportedException();

    public Task SetPolicy(PoolPolicy policy) => throw new NotSupportedException();

    public Task<CreditReading> Read(UserId actor) => throw new NotSupportedException();

    public Task<int> Sweep() => throw new NotSupportedException();

    public LedgerVerification? Verification { get; set; }

    public Task<LedgerVerification> Verify(bool full) => Task.FromResult(Verification! with { Full = full });
}
