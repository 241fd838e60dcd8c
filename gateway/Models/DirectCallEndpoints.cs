using Informer.Ai.Description;
using Informer.Ai.Errors;
using Informer.Ai.Streaming;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Models;

/// <summary>Direct calls of models that are answered as a whole.</summary>
internal static class DirectCallEndpoints
{
    public static void MapDirectCalls(this IEndpointRouteBuilder models)
    {
        models.MapPost("{id}/_embed", Embed).Metered().Accepts<EmbedTextsRequest>("application/json")
            .Example("""{ "input": ["One text.", "Another."] }""")
            .Refuses(400, ErrorCodes.ModelCapability);
        models.MapPost("{id}/_image", Draw).Metered().Accepts<MakeImagesRequest>("application/json")
            .Example("""{ "prompt": "A lighthouse at dusk", "n": 1, "size": "1024x1024" }""")
            .Refuses(400, ErrorCodes.ModelCapability);
        models.MapPost("{id}/_object", Compose).Metered().Accepts<MakeObjectRequest>("application/json")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .Example("""
                {
                    "messages": [{ "id": "1", "role": "user", "parts": [{ "type": "text", "text": "Name a city." }] }],
                    "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] }
                }
                """)
            .Refuses(400, ErrorCodes.ModelCapability)
            .Refuses(502, "SCHEMA_MISMATCH");
    }

    /// <summary>Turns texts into vectors.</summary>
    private static async Task<Results<Ok<EmbeddingsResponse>, ProblemHttpResult>> Embed(
        string id, EmbedBody body, Caller caller, IdSource ids) =>
        await caller.ModelCall(ids.Next()).Embed(new EmbedRequest(Target(id, body.Entity, caller), body.Texts)) switch
        {
            Embedded made => TypedResults.Ok(EmbeddingsResponse.Of(made)),
            var answer => Problem(answer),
        };

    /// <summary>Makes images of what a prompt describes.</summary>
    private static async Task<Results<Ok<ImagesResponse>, ProblemHttpResult>> Draw(
        string id, ImageBody body, Caller caller, IdSource ids) =>
        await caller.ModelCall(ids.Next())
            .Draw(new DrawRequest(Target(id, body.Entity, caller), body.Prompt, body.Count, body.Width, body.Height)) switch
        {
            Drawn made => TypedResults.Ok(ImagesResponse.Of(made)),
            var answer => Problem(answer),
        };

    /// <summary>Makes a JSON value that fits a schema, and answers with it.</summary>
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Compose(
        string id, ObjectBody body, Caller caller, IdSource ids) =>
        await caller.ModelCall(ids.Next())
            .Compose(new ComposeRequest(Target(id, body.Entity, caller), body.Messages, body.Schema, body.OutputSize)) switch
        {
            Composed made => TypedResults.Text(made.Json, "application/json"),
            var answer => Problem(answer),
        };

    private static CallTarget Target(string id, Credits.EntityRef? entity, Caller caller) =>
        new(id, ModelVisibility.SeesInternal(caller), entity);

    private static ProblemHttpResult Problem(CallAnswer answer) => answer switch
    {
        CallDenied denied => RunProblem.Of(denied.Why, modelIsResource: true),
        CallFailed failed => Problems.Of(502, failed.Message, failed.Code),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.GetType().Name, "An answer without a meaning in HTTP."),
    };
}
