using Informer.Ai.Credits;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Informer.Ai.Chats;

/// <summary>The body of a turn: one new message, or the whole history as <c>useChat</c> sends it.</summary>
internal sealed record TurnBody(TurnRequest Request)
{
    private const int ModelIdMax = 200;
    private const int MessageIdMax = 200;
    private const string Regenerating = "regenerate-message";
    private const string WhereInstructionsGo =
        "Set the chat's instructions, or send dynamicSystem for this turn alone.";

    public static async ValueTask<TurnBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var modelId = fields.Text("modelId", ModelIdMax);
        var input = Input(fields);
        var request = new TurnRequest(
            new TurnId(context.RequestServices.GetRequiredService<IdSource>().Next()),
            input!,
            string.IsNullOrEmpty(modelId) ? null : modelId,
            fields.Choice("outputSize", null, OutputSize.All),
            ToolSpecs.Read(fields),
            fields.Text("dynamicSystem", fields.Limits.TextCharactersMax),
            fields.Flag("resumable", absent: false),
            EntityReader.Read(fields, context.Request));
        fields.Verify();
        return new TurnBody(request);
    }

    // Null only together with a violation.
    private static TurnInput? Input(Fields fields)
    {
        var regenerate = fields.Choice("trigger", null, "submit-message", Regenerating) == Regenerating;
        var messages = new UiMessages(fields, WhereInstructionsGo);
        UiMessage? latest = null;
        switch (fields.Value("message"), fields.Value("messages"))
        {
            case ({ } message, null):
                latest = messages.One(message, "message");
                break;
            case (null, { } history):
                latest = messages.List(history, "messages", allowEmpty: regenerate) is [.., var last] ? last : null;
                break;
            case ({ }, { }):
                fields.Refuse("message", "Send message or messages, not both.");
                break;
            case (null, null) when !regenerate:
                fields.Refuse("message", "Send message (a UI message), or messages as useChat does.");
                break;
        }

        var messageId = fields.Text("messageId", MessageIdMax) is { Length: > 0 } named ? named : null;
        if (regenerate)
        {
            return new Regenerate(messageId, latest is { Role: "user" } ? Asked(latest) : null);
        }

        return latest switch
        {
            null => null,
            { Role: "assistant" } => new ToolResults(latest.Id, latest.Parts),
            // With the id of a message that is there it is that message, edited.
            _ => Asked(latest) with { Replaces = messageId },
        };
    }

    private static NewMessage Asked(UiMessage message) => new(message.Id.Length == 0 ? null : message.Id, message.Parts);
}
