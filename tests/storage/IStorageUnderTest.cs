using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Tenancy;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Informer.Ai.Storage;

/// <summary>An engine as the behaviour suites see it.</summary>
public interface IStorageUnderTest : IAsyncDisposable
{
    ILedger Ledger { get; }

    ILedgerAudit Audit { get; }

    IChatStore Chats { get; }

    ICheckpointStore Checkpoints { get; }

    IMemoryStore Memories { get; }

    IAccountStore Accounts { get; }

    IGrainStorage GrainStorage(IGrainStorageSerializer serializer, IActivatorProvider activators);

    /// <summary>How the engine writes the first moment of 1970.</summary>
    string Epoch { get; }

    /// <summary>Closes everything and opens it again, as after a restart.</summary>
    Task ReopenAsync();

    /// <summary>Makes everything that is stored older by the database's clock; younger, when negative.</summary>
    Task PassAsync(TimeSpan time);

    /// <summary>Runs a statement beside the stores.</summary>
    Task ExecuteAsync(string sql);

    /// <summary>The same without the guards that keep what was written.</summary>
    Task ExecuteUnguardedAsync(string sql);

    /// <summary>The number that a query answers with.</summary>
    Task<long> NumberAsync(string sql);
}
