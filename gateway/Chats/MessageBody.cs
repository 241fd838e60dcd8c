using Informer.Ai.Credits;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Chats;

/// <summary>The body that adds a message: the message itself, or a field of that name as a turn has it.</summary>
internal sealed record NewMessageBody(PromptMessage Message)
{
    public static async ValueTask<NewMessageBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var message = fields.Value("message") ?? fields.Root;
        var read = new UiMessages(fields, "") { Kept = true }.One(message, "message");
        fields.Verify();
        return new NewMessageBody(new PromptMessage(read!.Id, read.Role, read.Parts));
    }
}

/// <summary>The body that changes a message.</summary>
internal sealed class MessageEditBody
{
    private readonly Fields fields;
    private readonly bool rated;
    private readonly string? feedback;

    private MessageEditBody(Fields fields, bool rated, string? feedback) =>
        (this.fields, this.rated, this.feedback) = (fields, rated, feedback);

    public static async ValueTask<MessageEditBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var body = new MessageEditBody(fields, fields.Find("feedback") is not null, fields.Choice("feedback", null, "up", "down"));
        fields.Verify();
        return body;
    }

    /// <summary>The change as it applies to this message; what its parts may be depends on its role.</summary>
    /// <exception cref="Errors.RequestException">The parts are not those of such a message.</exception>
    public MessageEdit For(ChatMessage message)
    {
        string? parts = null;
        if (fields.Value("parts") is { } sent && new UiParts(fields).Check(sent, "parts", allowEmpty: message.Role == "assistant"))
        {
            parts = sent.GetRawText();
        }

        fields.Verify();
        return new MessageEdit(parts, rated, feedback);
    }
}

/// <summary>The body that copies a chat; it may be left out.</summary>
internal sealed record ForkBody(string? MessageId)
{
    public static async ValueTask<ForkBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.ReadIfAny(context);
        var body = new ForkBody(fields.Text("messageId", 200));
        fields.Verify();
        return body;
    }

    /// <summary>The message that is named, if any; false when it cannot be one.</summary>
    public bool Names(out MessageId? message)
    {
        var sound = Chats.MessageId.TryParse(MessageId, out var id);
        message = sound ? id : null;
        return sound || MessageId is null;
    }
}

/// <summary>The body that asks for an explanation; it may be left out.</summary>
internal sealed record ExplainBody(EntityRef? Entity)
{
    public static async ValueTask<ExplainBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.ReadIfAny(context);
        var body = new ExplainBody(EntityReader.Read(fields, context.Request));
        fields.Verify();
        return body;
    }
}
