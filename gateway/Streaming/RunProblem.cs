using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Informer.Ai.Streaming;

/// <summary>Why a turn was not started, as an error.</summary>
internal static class RunProblem
{
    /// <param name="modelIsResource">The route names the model, so that a missing one is a missing resource.</param>
    public static ProblemHttpResult Of(RunAnswer answer, bool modelIsResource) => answer switch
    {
        TurnRefused refused => RefusalProblem.Of(refused.Refusal),
        TurnInProgress => Problems.Of(409, "The chat is answering already. Wait for it or abort it.", ErrorCodes.TurnInProgress),
        TurnNotFound { What: "model" } when !modelIsResource => Problems.Invalid("modelId", "There is no such model.", ErrorCodes.ModelNotFound),
        TurnNotFound => Problems.NotFound(),
        ModelLacksCapability lacks => Problems.Of(
            400, $"The model cannot do what is asked of it: {lacks.Capability}.", ErrorCodes.ModelCapability),
        TurnInvalid invalid => Problems.Invalid(invalid.Path, invalid.Message),
        TurnOverloaded => Problems.Of(503, "Too many calls of this tenant wait for the credit ledger. Try again.", ErrorCodes.Overloaded),
        TurnDraining => Problems.Of(503, "The service is stopping and takes no new requests. Try again.", ErrorCodes.Draining),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.GetType().Name, "An answer without a meaning in HTTP."),
    };
}
