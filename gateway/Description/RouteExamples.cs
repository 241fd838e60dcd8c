using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace Informer.Ai.Description;

/// <summary>A body that a route takes, as its description shows it.</summary>
internal sealed record RequestExample(JsonNode Body);

/// <summary>Codes that a route may refuse with beside those that follow from what it is.</summary>
internal sealed record RouteRefusal(int Status, IReadOnlyList<string> Codes);

/// <summary>What routes tell about themselves for the API's description.</summary>
internal static class RouteExamples
{
    /// <summary>Shows a body that the route takes. It is sent as it is by the tests that go over all routes.</summary>
    public static RouteHandlerBuilder Example(this RouteHandlerBuilder route, string json) =>
        route.WithMetadata(new RequestExample(JsonNode.Parse(json)!));

    /// <summary>Tells codes that only this route answers with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, int status, params string[] codes) =>
        route.WithMetadata(new RouteRefusal(status, codes));
}
