using System.Collections.Immutable;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Chats;

/// <summary>
/// The body that makes or changes a chat. Making is changing the defaults: a field that is absent keeps what is
/// there, null clears where there can be nothing.
/// </summary>
internal sealed class ChatBody
{
    private const int NameMax = 200;
    private const int IdMax = 200;

    private readonly Fields fields;

    private ChatBody(Fields fields) => this.fields = fields;

    /// <summary>A chat of which nothing was said.</summary>
    public static ChatSettings Default { get; } = new(
        Name: null, AutoRename: true, ModelId: "", Tier: "", Instructions: null, Web: false, HelpCenter: false,
        MagicReport: false, Pinned: false, Directory: null, OutputSize: OutputSize.Medium, OwnerAssistantId: null,
        PrimaryAssistantId: null, AssistantIds: [], DatasetIds: [], LibraryIds: [], Entity: null);

    /// <summary>The model that is named; null keeps the one there is.</summary>
    public string? ModelId { get; private init; }

    /// <summary>The name is among what it changes.</summary>
    public bool Renames => fields.Find("name") is not null;

    /// <summary>The messages that the chat starts with.</summary>
    public ImmutableArray<PromptMessage> Messages { get; private init; } = [];

    public static async ValueTask<ChatBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var making = HttpMethods.IsPost(context.Request.Method);
        var modelId = making || fields.Find("modelId") is not null ? fields.RequiredText("modelId", IdMax) : null;
        var messages = making && fields.Value("messages") is { } list
            ? new UiMessages(fields, "Set the chat's instructions.").List(list, "messages", allowEmpty: true)
            : [];
        var body = new ChatBody(fields)
        {
            ModelId = modelId,
            Messages = [.. messages.Select(message => new PromptMessage(message.Id, message.Role, message.Parts))],
        };
        // Against the defaults, only to find out what is wrong with the body before any grain is called.
        body.Apply(Default, model: null);
        fields.Verify();
        return body;
    }

    /// <summary>What the body makes of a chat, given the model that it names.</summary>
    public ChatSettings Apply(ChatSettings chat, ModelEntry? model)
    {
        var name = fields.Text("name", NameMax, chat.Name);
        return chat with
        {
            Name = name,
            AutoRename = fields.Flag("autoRename", ReferenceEquals(chat, Default) ? name is null : chat.AutoRename),
            ModelId = ModelId ?? chat.ModelId,
            Tier = fields.Choice("tier", model?.Tier ?? chat.Tier, Tier.All)!,
            Instructions = fields.Text("instructions", fields.Limits.TextCharactersMax, chat.Instructions),
            Web = fields.Flag("web", chat.Web),
            HelpCenter = fields.Flag("helpCenter", chat.HelpCenter),
            MagicReport = fields.Flag("magicReport", chat.MagicReport),
            Pinned = fields.Flag("pinned", chat.Pinned),
            Directory = fields.Text("directory", NameMax, chat.Directory),
            OutputSize = fields.Choice("outputSize", chat.OutputSize, OutputSize.All)!,
            OwnerAssistantId = fields.Text("ownerAssistantId", IdMax, chat.OwnerAssistantId),
            PrimaryAssistantId = fields.Text("primaryAssistantId", IdMax, chat.PrimaryAssistantId),
            AssistantIds = fields.Texts("assistantIds", chat.AssistantIds),
            DatasetIds = fields.Texts("datasetIds", chat.DatasetIds),
            LibraryIds = fields.Texts("libraryIds", chat.LibraryIds),
            Entity = EntityReader.Read(fields, chat.Entity),
        };
    }
}
