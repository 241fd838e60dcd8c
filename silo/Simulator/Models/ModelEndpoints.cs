using System.Text.Json;
using Informer.Ai.Simulator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Simulator.Models;

internal static class ModelEndpoints
{
    private const long Since = 1_735_689_600;

    public static void MapModels(this IEndpointRouteBuilder routes, CallPipeline calls)
    {
        routes.MapGet("/v1/models", calls.Get(call => call.SendJsonAsync(200, JsonSerializer.SerializeToUtf8Bytes(
            new { @object = "list", data = ModelCatalog.All.Select(Describe) }))));
        routes.MapGet("/v1/models/{id}", calls.Get(call =>
        {
            var id = call.Http.GetRouteValue("id")?.ToString() ?? "";
            return ModelCatalog.All.Contains(id)
                ? call.SendJsonAsync(200, JsonSerializer.SerializeToUtf8Bytes(Describe(id)))
                : RefuseAsync(call, id);
        }));
        routes.MapFallback("{*path}", calls.Get(call =>
            call.RefuseAsync(404, "unknown_url", $"Unknown request URL: {call.Http.Request.Method} {call.Http.Request.Path}.")));
    }

    public static Task RefuseAsync(Call call, string? model) =>
        call.RefuseAsync(404, "model_not_found", $"The model '{model}' does not exist or is not of this kind.", "model");

    private static object Describe(string id) => new { id, @object = "model", created = Since, owned_by = "simulator" };
}
