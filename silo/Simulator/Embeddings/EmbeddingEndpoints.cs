using System.Runtime.InteropServices;
using System.Text.Json;
using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Directives;
using Informer.Ai.Simulator.Models;
using Informer.Ai.Simulator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Simulator.Embeddings;

internal static class EmbeddingEndpoints
{
    private const string Path = "/v1/embeddings";

    public static void MapEmbeddings(this IEndpointRouteBuilder routes, CallPipeline calls, int usualDimensions)
    {
        var answer = calls.Post((call, body) => AnswerAsync(call, body, usualDimensions));
        routes.MapPost(Path, answer);
        routes.MapPost(Redirection.Prefix + Path, answer);
    }

    private static async Task AnswerAsync(Call call, JsonElement body, int usualDimensions)
    {
        var request = EmbeddingRequest.Read(body);
        // Of several inputs the first that carries a directive steers them all.
        var marked = request.Inputs.FirstOrDefault(input => input.Contains("#sim", StringComparison.Ordinal)) ?? "";
        var (directive, _, mistake) = call.ReadDirective(Surface.Embeddings, marked);
        var tokens = request.Inputs.Sum(Tokens.Count);
        call.Exchange.Learn(
            new RequestFacts(request.Model, false, tokens, 0, body.Text("user"), null), Faults.Name(directive.Fault));
        if (!ModelCatalog.Embedding.Contains(request.Model))
        {
            await ModelEndpoints.RefuseAsync(call, request.Model);
        }
        else if (mistake is not null)
        {
            await call.RefuseAsync(400, "invalid_directive", mistake, "input");
        }
        else if (!await Misbehaviour.ReplacesAnswerAsync(call, directive))
        {
            await call.PauseAsync(directive.First);
            await call.SendJsonAsync(200, Document(request, directive, request.Dimensions ?? usualDimensions, tokens));
        }
    }

    private static byte[] Document(EmbeddingRequest request, Directive directive, int dimensions, int tokens)
    {
        var data = request.Inputs.Select((input, index) => new Dictionary<string, object>
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = Encode(Vector(input, dimensions), request.AsBase64),
        });
        var document = new Dictionary<string, object?> { ["object"] = "list", ["data"] = data, ["model"] = request.Model };
        if (directive.Fault != Fault.UsageMissing)
        {
            document["usage"] = new { prompt_tokens = tokens, total_tokens = tokens };
        }

        return JsonSerializer.SerializeToUtf8Bytes(document);
    }

    /// <summary>The directive is not part of what the text is about.</summary>
    private static float[] Vector(string input, int dimensions) =>
        EmbeddingVector.Of(DirectiveReading.Of(null, input).Text, dimensions);

    // The bytes are little-endian single floats, which is what every machine that runs this has in memory.
    private static object Encode(float[] vector, bool asBase64) =>
        asBase64 ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)) : vector;
}
