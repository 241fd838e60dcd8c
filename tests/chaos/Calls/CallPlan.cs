namespace Informer.Ai.Calls;

/// <summary>How a client asks.</summary>
internal enum Route
{
    Turn = 0,
    Chat = 1,
    Completion = 2,
}

/// <summary>How a client leaves before the end.</summary>
internal enum Leaving
{
    Never = 0,

    /// <summary>Some milliseconds after it asked, whatever has come by then.</summary>
    AfterTime = 1,

    /// <summary>After some pieces of the answer.</summary>
    AfterPieces = 2,

    /// <summary>After some pieces, by the route that stops a turn.</summary>
    ByRequest = 3,
}

/// <summary>What a client does twice.</summary>
internal enum Repeating
{
    Nothing = 0,

    /// <summary>The same message, twice at once.</summary>
    AtOnce = 1,

    /// <summary>The same message again when the first answer has ended.</summary>
    Afterwards = 2,

    /// <summary>It joins the running answer of its chat from a second connection.</summary>
    Joining = 3,
}

/// <summary>One operation of a client, decided before the round begins.</summary>
/// <param name="Mark">Goes along with the prompt into the provider's log.</param>
/// <param name="User">The client's name: "analyst" or "admin".</param>
/// <param name="Chat">Which of the user's chats.</param>
/// <param name="Entity">"type:id". Most calls have one of their own, which ties their holds to their provider requests.</param>
/// <param name="Process">Which of the running processes it asks first.</param>
/// <param name="Directive">What the simulator is to do.</param>
/// <param name="At">When, counted from the beginning of the round.</param>
/// <param name="LeavesAfter">Milliseconds or pieces.</param>
/// <param name="Resumable">The turn goes on without its connection.</param>
/// <param name="Insists">Sends the same again when it does not know what became of the first.</param>
internal sealed record CallPlan(
    string Mark,
    Route Route,
    string User,
    int Chat,
    string Model,
    string OutputSize,
    string Entity,
    int Process,
    string Directive,
    TimeSpan At,
    Leaving Leaving,
    int LeavesAfter,
    Repeating Repeating,
    bool Resumable,
    bool Insists)
{
    public string Prompt => $"Tell me about {Mark}. #sim mark={Mark} {Directive}";
}
