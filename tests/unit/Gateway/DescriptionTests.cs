using System.Text.Json;

namespace Informer.Ai.Gateway;

/// <summary>The generated description of the API: every route, with what it takes and how it refuses.</summary>
public class DescriptionTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Fact]
    public async Task The_description_names_the_routes_of_the_contract_and_no_others() =>
        Assert.Equal(ContractRoutes.Served.Order(), (await Operations()).Select(operation => operation.Name).Order());

    [Fact]
    public async Task Every_body_has_a_shape_and_an_example()
    {
        var bodies = (await Operations()).Where(operation => operation.Body.TryGetProperty("requestBody", out _)).ToList();

        Assert.NotEmpty(bodies);
        Assert.All(bodies, operation =>
        {
            var json = operation.Body.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
            Assert.True(json.TryGetProperty("schema", out _), $"{operation.Name} has a body without a schema.");
            Assert.True(json.TryGetProperty("example", out _), $"{operation.Name} has a body without an example: add .Example(…) to the route.");
        });
    }

    [Fact]
    public async Task Every_change_takes_a_body_or_says_in_its_name_what_it_does() =>
        Assert.All(
            (await Operations()).Where(operation => operation.Name[..4] is "POST" or "PUT "),
            operation => Assert.True(
                operation.Body.TryGetProperty("requestBody", out _) || operation.Name.Contains("/_", StringComparison.Ordinal), operation.Name));

    [Fact]
    public async Task Every_route_tells_its_refusals_with_their_codes()
    {
        Assert.All(await Operations(), operation =>
        {
            var responses = operation.Body.GetProperty("responses");
            Assert.Contains("UNAUTHENTICATED", Codes(responses, "401"));
            Assert.Contains("UNAVAILABLE", Codes(responses, "503"));
            Assert.True(responses.TryGetProperty("200", out _), $"{operation.Name} does not tell its success.");
            Assert.Equal(operation.Name.Contains('{', StringComparison.Ordinal), responses.TryGetProperty("404", out _));
            foreach (var response in responses.EnumerateObject().Where(response => response.Name[0] is '4' or '5'))
            {
                Assert.Equal(int.Parse(response.Name), response.Value.GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("statusCode").GetInt32());
            }
        });
    }

    [Fact]
    public async Task A_metered_route_tells_every_check_of_credits()
    {
        var turn = (await Operations()).Single(operation => operation.Name == "POST /api/chats/{id}").Body.GetProperty("responses");

        Assert.Equal(["NOT_ENTITLED", "TIER_NOT_ALLOWED", "CREDIT_LIMIT", "ENTITY_BUDGET", "POOL_EXHAUSTED"], Codes(turn, "402"));
        Assert.Equal(["TURN_IN_PROGRESS"], Codes(turn, "409"));
        Assert.Equal(["TOO_MANY_STREAMS"], Codes(turn, "429"));
        Assert.Equal(["INVALID", "MALFORMED_JSON", "MODEL_NOT_FOUND", "MODEL_CAPABILITY"], Codes(turn, "400"));
    }

    private static IEnumerable<string?> Codes(JsonElement responses, string status) =>
        responses.GetProperty(status).GetProperty("content").GetProperty("application/json").GetProperty("schema")
            .GetProperty("properties").GetProperty("code").GetProperty("enum").EnumerateArray().Select(code => code.GetString());

    private async Task<List<(string Name, JsonElement Body)>> Operations()
    {
        var document = JsonElement.Parse(await shared.Host.Http.GetStringAsync("/openapi/v1.json"));
        return [.. document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/api", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))];
    }
}
