namespace Informer.Ai.Chats;

/// <summary>A grain that runs turns: a chat, or a direct call of a model.</summary>
[GrainInterfaceType("turn")]
public interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>
    /// The events of a turn after <paramref name="afterSeq"/>, then live to its end. Nothing for a turn that is
    /// not in flight and did not end in the last 30 seconds.
    /// </summary>
    /// <param name="afterSeq">
    /// 0 for all of them. Below that, an answer that goes on from an earlier one comes whole: what was there before
    /// the turn has numbers up to 0.
    /// </param>
    [Alias("watch")]
    IAsyncEnumerable<TurnEvent> Watch(TurnId turn, long afterSeq, CancellationToken cancellation);

    /// <summary>
    /// Stops the turn in flight, and returns when it is settled. Nothing happens when none runs, or when
    /// <paramref name="turn"/> names another.
    /// </summary>
    /// <param name="turn">Null is whichever runs.</param>
    [Alias("abort")]
    Task Abort(TurnId? turn);

    /// <summary>The connection that started the turn is gone: stops it, unless it is resumable.</summary>
    [Alias("disconnect")]
    Task Disconnect(TurnId turn);
}
