namespace Informer.Ai.Chats;

/// <summary>How a change of a message ended.</summary>
public enum MessageOutcome
{
    /// <summary>It was made, durably.</summary>
    Done = 0,

    /// <summary>There is no such chat or message.</summary>
    NotFound = 1,

    /// <summary>The chat is answering: what is said in it stands until the answer's end.</summary>
    TurnInProgress = 2,
}

/// <summary>The answer to a change of a message.</summary>
/// <param name="Message">As it is now; null when it is gone, or was not found.</param>
[GenerateSerializer, Immutable, Alias("message-answer")]
public sealed record MessageAnswer(
    [property: Id(0)] MessageOutcome Outcome,
    [property: Id(1)] ChatMessage? Message = null);

/// <summary>What its owner changes of a message.</summary>
/// <param name="Parts">JSON array of UI message parts, already validated; null leaves them.</param>
/// <param name="Rated">The feedback is changed, perhaps to none.</param>
/// <param name="Feedback">up, down or null.</param>
[GenerateSerializer, Immutable, Alias("message-edit")]
public sealed record MessageEdit(
    [property: Id(0)] string? Parts,
    [property: Id(1)] bool Rated,
    [property: Id(2)] string? Feedback);

/// <summary>The next messages of a chat that is read from one end to the other.</summary>
/// <param name="Last">Where to go on after; null when nothing follows.</param>
[GenerateSerializer, Immutable, Alias("message-slice")]
public sealed record MessageSlice(
    [property: Id(0)] System.Collections.Immutable.ImmutableArray<ChatMessage> Messages,
    [property: Id(1)] long? Last);

/// <summary>A direct call that explains an answer, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("explanation")]
public sealed record Explanation(
    [property: Id(0)] InvocationRequest? Request,
    [property: Id(1)] RunAnswer? Refused = null);
