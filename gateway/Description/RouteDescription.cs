using System.Globalization;
using System.Text.Json.Nodes;
using Informer.Ai.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Informer.Ai.Description;

/// <summary>Adds to each route's description what its declarations say: its errors with their codes, and a body that it takes.</summary>
internal sealed class RouteDescription : IOpenApiOperationTransformer
{
    private const string Json = "application/json";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var path = "/" + context.Description.RelativePath?.TrimStart('/');
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequestExample>().LastOrDefault() is { } example && operation.RequestBody?.Content is { } bodies)
        {
            foreach (var body in bodies.Values.OfType<OpenApiMediaType>())
            {
                body.Example = example.Body.DeepClone();
            }
        }

        operation.Responses ??= [];
        if (path.StartsWith("/api", StringComparison.Ordinal))
        {
            var queried = operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true;
            foreach (var (status, codes) in DescribedRefusals.Of(path, queried, metadata))
            {
                operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = Refusal(status, codes);
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiResponse Refusal(int status, List<string> codes) => new()
    {
        Description = $"{ReasonPhrases.GetReasonPhrase(status)}: {string.Join(", ", codes)}",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Json] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["statusCode"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                        ["error"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["message"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes.Select(code => (JsonNode)code)] },
                    },
                    Required = new HashSet<string> { "statusCode", "error", "message" },
                },
                Example = Example(status, codes),
            },
        },
    };

    private static JsonObject Example(int status, List<string> codes)
    {
        var example = new JsonObject
        {
            ["statusCode"] = status,
            ["error"] = ReasonPhrases.GetReasonPhrase(status),
            ["message"] = "What is wrong, in words.",
        };
        if (codes.Count > 0)
        {
            example["code"] = codes[0];
        }

        if (codes.FirstOrDefault() == ErrorCodes.Invalid)
        {
            example["validation"] = new JsonArray(new JsonObject { ["path"] = "field", ["message"] = "What is wrong with it." });
        }

        return example;
    }
}
