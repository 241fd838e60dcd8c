using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;

namespace Informer.Ai.Chats;

/// <summary>Holds the credits of a turn, or of another call, before anything that costs is done.</summary>
internal static class TurnAdmission
{
    /// <summary>Holds the first tranche; null when it is held, else the answer to the caller.</summary>
    /// <exception cref="LedgerUnavailableException">It is not known whether credits are held; they expire if so.</exception>
    public static Task<RunAnswer?> Admit(this IGrainFactory grains, TurnPlan plan, EntityRef? entity) =>
        grains.Admit(plan.Tenant, plan.User, plan.Reservation(entity));

    /// <summary>Holds what a call requires; null when it is held, else the answer to the caller.</summary>
    /// <exception cref="LedgerUnavailableException">It is not known whether credits are held; they expire if so.</exception>
    public static async Task<RunAnswer?> Admit(this IGrainFactory grains, TenantId tenant, UserId user, ReserveRequest request)
    {
        var profile = grains.GetGrain<IUsageProfileGrain>(UserKey.Of(tenant, user));
        ReserveAnswer answer;
        try
        {
            answer = await profile.Reserve(request);
        }
        catch (LedgerUnavailableException)
        {
            // The same id again tells what became of the first try.
            answer = await profile.Reserve(request);
        }

        return answer.Outcome switch
        {
            ReserveOutcome.Held => null,
            ReserveOutcome.Refused => new TurnRefused(answer.Refusal!),
            ReserveOutcome.Overloaded => new TurnOverloaded(),
            ReserveOutcome.Resolved => new TurnInvalid("turn", "This turn has ended before."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
