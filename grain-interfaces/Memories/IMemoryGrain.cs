using System.Collections.Immutable;
using Informer.Ai.Chats;
using Orleans.Concurrency;

namespace Informer.Ai.Memories;

/// <summary>
/// A user's memories: the only writer of their rows, and where they are found again. Keyed by
/// <see cref="Tenancy.UserKey"/>.
/// </summary>
/// <exception cref="Credits.LedgerUnavailableException">From what is metered: a hold or a charge could not be confirmed.</exception>
[GrainInterfaceType("memory")]
public interface IMemoryGrain : IGrainWithStringKey
{
    /// <summary>A chat's memories, oldest first; null when there is no such chat.</summary>
    [Alias("list")]
    Task<MemoryPage?> List(ChatId chat, int start, int limit);

    /// <summary>A memory of a chat; null when there is none.</summary>
    [Alias("read")]
    Task<Memory?> Read(ChatId chat, MemoryId id);

    /// <summary>Those of the ids that there are, in their order.</summary>
    [Alias("named")]
    Task<ImmutableArray<Memory>> Named(ImmutableArray<MemoryId> ids);

    /// <summary>Makes a memory of messages. Metered: its embedding, and its summary if none is given.</summary>
    [Alias("create"), ResponseTimeout("00:03:00")]
    Task<MemoryAnswer> Create(NewMemory request);

    /// <summary>Replaces a summary. Metered: it is embedded anew.</summary>
    [Alias("change"), ResponseTimeout("00:03:00")]
    Task<MemoryAnswer> Change(ChangedMemory request);

    /// <summary>Deletes a memory; false when there is none.</summary>
    [Alias("delete")]
    Task<bool> Delete(ChatId chat, MemoryId id);

    /// <summary>Finds memories by meaning. Metered: the embedding of what is asked for.</summary>
    [Alias("search"), ResponseTimeout("00:03:00")]
    Task<MemoryAnswer> Search(MemorySearch request);

    /// <summary>
    /// What this user may want to be reminded of in a turn that was admitted; never fails. It notices, too, when the
    /// turn begins something new, and then remembers what was before.
    /// </summary>
    [Alias("recall")]
    Task<Recollection> Recall(RecallRequest request);

    /// <summary>A turn has ended: makes a memory of the chat's latest messages if it is time for one.</summary>
    [Alias("notice"), OneWay]
    Task Notice(TurnNotice notice);

    /// <summary>Deletes all memories of a chat that is about to be deleted.</summary>
    [Alias("forget")]
    Task Forget(ChatId chat);
}
