using Informer.Ai.Credits;

namespace Informer.Ai.Chats;

/// <summary>
/// One event of a turn, in order. <paramref name="Seq"/> grows by one from 1 within the turn; every
/// subscriber sees the same events under the same numbers.
/// </summary>
[GenerateSerializer, Immutable, Alias("turn-event")]
public abstract record TurnEvent([property: Id(0)] long Seq);

/// <summary>The provider failed before it sent anything: the only event, nothing was charged.</summary>
/// <param name="Code">Machine-readable reason, such as PROVIDER_TIMEOUT.</param>
/// <param name="Message">Safe to show.</param>
[GenerateSerializer, Immutable, Alias("event-not-begun")]
public sealed record TurnNotBegun(long Seq, [property: Id(0)] string Code, [property: Id(1)] string Message) : TurnEvent(Seq);

/// <summary>The answer begins.</summary>
/// <param name="Message">The id that the answer is kept under, or the client's id of a message that goes on.</param>
[GenerateSerializer, Immutable, Alias("event-begun")]
public sealed record TurnBegun(
    long Seq,
    [property: Id(0)] string Message,
    [property: Id(1)] ChatId? Chat,
    [property: Id(2)] string ModelId,
    [property: Id(3)] TurnId Turn) : TurnEvent(Seq);

/// <summary>A call of the model begins.</summary>
[GenerateSerializer, Immutable, Alias("event-step-begun")]
public sealed record StepBegun(long Seq) : TurnEvent(Seq);

/// <summary>A call of the model has ended.</summary>
[GenerateSerializer, Immutable, Alias("event-step-ended")]
public sealed record StepEnded(long Seq) : TurnEvent(Seq);

/// <summary>What a run of streamed text is.</summary>
public enum TextKind
{
    Text = 0,
    Reasoning = 1,
}

/// <summary>A text or reasoning part begins.</summary>
[GenerateSerializer, Immutable, Alias("event-text-begun")]
public sealed record TextBegun(long Seq, [property: Id(0)] TextKind Kind, [property: Id(1)] string Part) : TurnEvent(Seq);

/// <summary>More of an open text or reasoning part.</summary>
[GenerateSerializer, Immutable, Alias("event-text-delta")]
public sealed record TextDelta(
    long Seq,
    [property: Id(0)] TextKind Kind,
    [property: Id(1)] string Part,
    [property: Id(2)] string Delta) : TurnEvent(Seq);

/// <summary>A text or reasoning part has ended.</summary>
[GenerateSerializer, Immutable, Alias("event-text-ended")]
public sealed record TextEnded(long Seq, [property: Id(0)] TextKind Kind, [property: Id(1)] string Part) : TurnEvent(Seq);

/// <summary>The model called a tool of the client.</summary>
/// <param name="Input">The tool's input as JSON.</param>
[GenerateSerializer, Immutable, Alias("event-tool-called")]
public sealed record ToolCalled(
    long Seq,
    [property: Id(0)] string CallId,
    [property: Id(1)] string Tool,
    [property: Id(2)] string Input) : TurnEvent(Seq);

/// <summary>The answer is complete and charged.</summary>
/// <param name="CreditsMicro">Charged, in micro-credits.</param>
/// <param name="PoolRemaining">Micro-credits left in the pool; null is unlimited.</param>
/// <param name="ProfileRemaining">Micro-credits left of the caller's cap; null is unlimited.</param>
/// <param name="LimitedBy">The check that ended the answer early.</param>
/// <param name="ModelId">The model that answered, when it is not the one that the answer began with.</param>
[GenerateSerializer, Immutable, Alias("event-finished")]
public sealed record TurnFinished(
    long Seq,
    [property: Id(0)] string FinishReason,
    [property: Id(1)] TokenUsage Usage,
    [property: Id(2)] long CreditsMicro,
    [property: Id(3)] bool Estimated,
    [property: Id(4)] long? PoolRemaining,
    [property: Id(5)] long? ProfileRemaining,
    [property: Id(6)] RefusalCode? LimitedBy,
    [property: Id(7)] string? ModelId = null) : TurnEvent(Seq);

/// <summary>The turn failed after it had begun; what came is kept and charged.</summary>
/// <param name="Message">Safe to show.</param>
[GenerateSerializer, Immutable, Alias("event-failed")]
public sealed record TurnFailed(long Seq, [property: Id(0)] string Message) : TurnEvent(Seq);

/// <summary>The turn was stopped on request; what came is kept and charged.</summary>
[GenerateSerializer, Immutable, Alias("event-aborted")]
public sealed record TurnAborted(long Seq) : TurnEvent(Seq);
