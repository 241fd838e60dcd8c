using System.Text.Json;
using Informer.Ai.Errors;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Chats;

/// <summary>A whole conversation as a download. It is read slice by slice: a long one needs no more memory than a short one.</summary>
internal static class ChatExport
{
    private const int SliceMessages = 16;

    /// <summary>Exports a chat as <c>json</c> or as <c>markdown</c>.</summary>
    public static async Task Write(string id, string? format, Caller caller, IOptions<JsonOptions> json, HttpContext context)
    {
        if (!ChatId.TryParse(id, out var chatId) || await caller.Chat(chatId).Read() is not { } chat)
        {
            await Problems.NotFound().ExecuteAsync(context);
            return;
        }

        if (format is not (null or "" or "json" or "markdown"))
        {
            await Problems.Invalid("format", "format must be json or markdown.").ExecuteAsync(context);
            return;
        }

        var markdown = format == "markdown";
        context.Response.ContentType = markdown ? "text/markdown; charset=utf-8" : "application/json; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"chat-{chat.Id}.{(markdown ? "md" : "json")}\"";
        context.Response.Headers.CacheControl = "no-store";
        var whole = markdown
            ? await Markdown(context, chat, caller.Chat(chatId))
            : await Json(context, chat, caller.Chat(chatId), json.Value.SerializerOptions);
        if (!whole)
        {
            // Deleted while it was read: cut, so that half of it is not taken for the whole.
            context.Abort();
        }
    }

    private static async Task<bool> Json(HttpContext context, Chat chat, IChatGrain grain, JsonSerializerOptions options)
    {
        var output = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(output, Streaming.EventStream.JsonOptions);
        json.WriteStartObject();
        json.WritePropertyName("chat"u8);
        JsonSerializer.Serialize(json, ChatResponse.Of(chat), options);
        json.WriteStartArray("messages"u8);
        // Before anything else writes to what is behind it, also when there is no message.
        json.Flush();
        var whole = await Slices(context, grain, message =>
        {
            JsonSerializer.Serialize(json, MessageResponse.Of(chat.Id, message), options);
            json.Flush();
        });
        json.WriteEndArray();
        json.WriteEndObject();
        return whole;
    }

    private static async Task<bool> Markdown(HttpContext context, Chat chat, IChatGrain grain)
    {
        var text = new MarkdownWriter(context.Response.BodyWriter);
        text.Title(chat);
        return await Slices(context, grain, text.Message);
    }

    // Each slice is on its way before the next is read: a slow reader waits for itself.
    private static async Task<bool> Slices(HttpContext context, IChatGrain grain, Action<ChatMessage> write)
    {
        long? last = null;
        do
        {
            if (await grain.MessagesAfter(last, SliceMessages) is not { } slice)
            {
                return false;
            }

            foreach (var message in slice.Messages)
            {
                write(message);
            }

            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            last = slice.Last;
        }
        while (last is not null);
        return true;
    }
}

/// <summary>The shape of an export in JSON.</summary>
public sealed record ChatExportResponse(ChatResponse Chat, IReadOnlyList<MessageResponse> Messages);
