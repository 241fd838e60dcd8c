namespace Informer.Ai.Errors;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Path">The field, as in <c>messages[0].parts</c>; empty for the body itself.</param>
/// <param name="Message">What is wrong and what to send instead.</param>
public sealed record Violation(string Path, string Message);

/// <summary>
/// A request that could not be bound. Binding happens before a handler runs, so that it has no result to
/// return: this is how it says no.
/// </summary>
internal sealed class RequestException(
    int statusCode, string message, string code, IReadOnlyList<Violation>? violations = null) : Exception(message)
{
    public int StatusCode { get; } = statusCode;

    public string Code { get; } = code;

    public IReadOnlyList<Violation>? Violations { get; } = violations;
}
