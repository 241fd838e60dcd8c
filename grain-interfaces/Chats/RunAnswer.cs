using Informer.Ai.Credits;

namespace Informer.Ai.Chats;

/// <summary>How a request for a turn was answered, before any of it was generated.</summary>
[GenerateSerializer, Immutable, Alias("run-answer")]
public abstract record RunAnswer;

/// <summary>It was admitted: its credits are held and it runs. Read it with <see cref="ITurnGrain.Watch"/>.</summary>
[GenerateSerializer, Immutable, Alias("run-started")]
public sealed record TurnStarted([property: Id(0)] TurnId Turn) : RunAnswer;

/// <summary>A credit check failed.</summary>
[GenerateSerializer, Immutable, Alias("run-refused")]
public sealed record TurnRefused([property: Id(0)] Refusal Refusal) : RunAnswer;

/// <summary>Another turn of the chat runs.</summary>
[GenerateSerializer, Immutable, Alias("run-in-progress")]
public sealed record TurnInProgress([property: Id(0)] TurnId Running) : RunAnswer;

/// <summary>There is no such chat, model or message for this caller.</summary>
/// <param name="What">"chat", "model" or "message".</param>
[GenerateSerializer, Immutable, Alias("run-not-found")]
public sealed record TurnNotFound([property: Id(0)] string What) : RunAnswer;

/// <summary>The model cannot do what is asked of it.</summary>
[GenerateSerializer, Immutable, Alias("run-lacks")]
public sealed record ModelLacksCapability([property: Id(0)] string Capability) : RunAnswer;

/// <summary>The request makes no sense in the state of the chat.</summary>
/// <param name="Path">The field at fault, as in a validation error.</param>
[GenerateSerializer, Immutable, Alias("run-invalid")]
public sealed record TurnInvalid([property: Id(0)] string Path, [property: Id(1)] string Message) : RunAnswer;

/// <summary>The process is stopping and takes no new turns.</summary>
[GenerateSerializer, Immutable, Alias("run-draining")]
public sealed record TurnDraining : RunAnswer;

/// <summary>Too much waits for the tenant's ledger. Try again in a moment.</summary>
[GenerateSerializer, Immutable, Alias("run-overloaded")]
public sealed record TurnOverloaded : RunAnswer;
