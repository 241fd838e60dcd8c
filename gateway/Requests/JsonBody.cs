using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Informer.Ai.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Requests;

/// <summary>Reads a request's body as a JSON object, or refuses it in words that its sender understands.</summary>
internal static class JsonBody
{
    /// <summary>The fields of a body that may be left out.</summary>
    /// <exception cref="RequestException">There is one, and it is not JSON, not an object, too large or too deep.</exception>
    public static async Task<Fields> ReadIfAny(HttpContext context)
    {
        var body = context.Features.Get<IHttpRequestBodyDetectionFeature>();
        return context.Request.ContentLength == 0 || body is { CanHaveBody: false }
            ? new Fields(JsonElement.Parse("{}"u8), context.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value)
            : await Read(context);
    }

    /// <summary>The fields of the body.</summary>
    /// <exception cref="RequestException">It is not JSON, not an object, too large or too deep.</exception>
    public static async Task<Fields> Read(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new RequestException(
                415, "Send JSON with content-type: application/json.", ErrorCodes.UnsupportedMediaType);
        }

        var limits = context.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var bytes = await Collect(context, limits.BodyBytesMax);
        Check(bytes.Span, limits.JsonDepthMax);
        var body = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.JsonDepthMax }).RootElement;
        return body.ValueKind == JsonValueKind.Object
            ? new Fields(body, limits)
            : throw Malformed("The body must be a JSON object.");
    }

    private static async Task<ReadOnlyMemory<byte>> Collect(HttpContext context, int limit)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw BodyLimit.TooLarge(limit);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // One pass before the document is made, for two things that a document does not find out until a value is
    // read, deep in a grain: broken UTF-8, and escapes that are half a character.
    private static void Check(ReadOnlySpan<byte> bytes, int depthMax)
    {
        if (bytes.IsEmpty)
        {
            throw Malformed("The request needs a JSON body.");
        }

        if (!Utf8.IsValid(bytes))
        {
            throw Malformed("The body is not valid UTF-8.");
        }

        // One level more than is allowed, so that too deep can be told from broken.
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = depthMax + 1 });
        try
        {
            while (reader.Read())
            {
                // The reader counts the levels around a bracket, not the one that it opens.
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth == depthMax)
                {
                    throw Malformed($"The body nests deeper than {depthMax} levels.");
                }

                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (JsonException broken)
        {
            throw Malformed(
                $"The body is not valid JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}).");
        }
        catch (InvalidOperationException)
        {
            throw Malformed("The body has a text with half of a surrogate pair, which is not a character.");
        }
    }

    private static RequestException Malformed(string message) => new(400, message, ErrorCodes.MalformedJson);
}
