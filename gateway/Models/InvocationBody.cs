using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Informer.Ai.Models;

/// <summary>The body of a direct call with messages; the model is named by the route.</summary>
internal sealed record InvocationBody(InvocationRequest Request)
{
    private const int StepsMax = 1000;
    private const int StepsAbsent = 20;

    public static async ValueTask<InvocationBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var request = new InvocationRequest(
            new TurnId(context.RequestServices.GetRequiredService<IdSource>().Next()),
            ModelId: "",
            ReadMessages(fields),
            fields.Text("system", fields.Limits.TextCharactersMax),
            fields.Text("dynamicSystem", fields.Limits.TextCharactersMax),
            ToolSpecs.Read(fields),
            fields.Choice("outputSize", OutputSize.Medium, OutputSize.All)!,
            Temperature(fields),
            EntityReader.Read(fields, context.Request));
        // Only read to be refused when it is nonsense: tools are the client's, so each call is one step.
        _ = fields.Whole("maxSteps", 1, StepsMax, StepsAbsent);
        fields.Verify();
        return new InvocationBody(request);
    }

    /// <summary>The field <c>messages</c>, which must be there.</summary>
    public static ImmutableArray<PromptMessage> ReadMessages(Fields fields)
    {
        if (fields.Value("messages") is not { } messages)
        {
            fields.Refuse("messages", "messages is required: an array of UI messages.");
            return [];
        }

        return [.. new UiMessages(fields, "Send them as system.").List(messages, "messages")
            .Select(message => new PromptMessage(message.Id, message.Role, message.Parts))];
    }

    private static float? Temperature(Fields fields)
    {
        if (fields.Value("temperature") is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var temperature) && temperature is >= 0 and <= 2)
        {
            return temperature;
        }

        fields.Refuse("temperature", "temperature must be a number from 0 to 2.");
        return null;
    }
}

/// <summary>The body of a direct call with a prompt, perhaps after messages.</summary>
internal sealed record CompletionBody(InvocationRequest Request)
{
    public static async ValueTask<CompletionBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var ids = context.RequestServices.GetRequiredService<IdSource>();
        var prompt = fields.RequiredText("prompt", fields.Limits.TextCharactersMax);
        var messages = fields.Value("messages") is { } list
            ? new UiMessages(fields, "Say it in the prompt.").List(list, "messages", allowEmpty: true)
            : [];
        var request = new InvocationRequest(
            new TurnId(ids.Next()),
            ModelId: "",
            [
                .. messages.Select(message => new PromptMessage(message.Id, message.Role, message.Parts)),
                new PromptMessage(ids.Next().ToString("N"), "user", TextParts(prompt)),
            ],
            System: null,
            DynamicSystem: null,
            Tools: [],
            OutputSize.Medium,
            Temperature: null,
            EntityReader.Read(fields, context.Request));
        fields.Verify();
        return new CompletionBody(request);
    }

    private static string TextParts(string text) =>
        new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }).ToJsonString();
}

/// <summary>Asks a model directly, as the API description shows it.</summary>
public sealed record InvokeModelRequest(
    JsonArray Messages, string? System, string? DynamicSystem, JsonObject? Tools, string? OutputSize, int? MaxSteps,
    float? Temperature, EntityResponse? Entity);

/// <summary>Asks a model to complete a prompt, as the API description shows it.</summary>
public sealed record CompletePromptRequest(string Prompt, JsonArray? Messages, EntityResponse? Entity);
