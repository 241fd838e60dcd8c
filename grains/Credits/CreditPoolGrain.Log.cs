using Informer.Ai.Tenancy;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Credits;

public sealed partial class CreditPoolGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Pool of {Tenant} taken over at epoch {Epoch}, seq {Seq}, {Holds} open holds")]
    private partial void LogTakenOver(TenantId tenant, long epoch, long seq, int holds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool of {Tenant} was fenced off at epoch {Epoch}: another activation owns it")]
    private partial void LogFenced(TenantId tenant, long epoch);

    [LoggerMessage(Level = LogLevel.Error, Message = "Pool of {Tenant}: a commit at epoch {Epoch} was not confirmed; reading the truth back")]
    private partial void LogUnknown(TenantId tenant, long epoch, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool of {Tenant}: hold {Hold} expired, charged {Charged} micro-credits at its last checkpoint")]
    private partial void LogExpired(TenantId tenant, HoldId hold, long charged);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool of {Tenant}: hold {Hold} was settled after it had expired, {Charged} micro-credits in all")]
    private partial void LogLate(TenantId tenant, HoldId hold, long charged);

    [LoggerMessage(Level = LogLevel.Error, Message = "Pool of {Tenant}: a settlement names hold {Hold}, which the ledger does not know; nothing was charged")]
    private partial void LogNoSuchHold(TenantId tenant, HoldId hold);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool of {Tenant}: hold {Hold} cost {Charged} micro-credits and {Held} were held")]
    private partial void LogOverrun(TenantId tenant, HoldId hold, long charged, long held);

    [LoggerMessage(Level = LogLevel.Error, Message = "Pool of {Tenant}: the ledger could not be read")]
    private partial void LogUnread(TenantId tenant, Exception failure);
}
