using System.Text.Json;
using Informer.Ai.Chats;
using Informer.Ai.Credits;

namespace Informer.Ai.Streaming;

/// <summary>
/// Writes an event of a turn as its chunk of the UI message stream: one event, one chunk, so that chunks can
/// carry the event's number. Older clients refuse fields that they do not know and null for optional ones, so
/// only those that the protocol names are written, and absent ones are left out.
/// </summary>
internal static class ChunkWriter
{
    public static void Write(Utf8JsonWriter json, TurnEvent turnEvent)
    {
        json.WriteStartObject();
        switch (turnEvent)
        {
            case TextDelta text:
                Type(json, text.Kind == TextKind.Reasoning ? "reasoning-delta"u8 : "text-delta"u8);
                json.WriteString("id"u8, text.Part);
                json.WriteString("delta"u8, text.Delta);
                break;
            case TextBegun text:
                Type(json, text.Kind == TextKind.Reasoning ? "reasoning-start"u8 : "text-start"u8);
                json.WriteString("id"u8, text.Part);
                break;
            case TextEnded text:
                Type(json, text.Kind == TextKind.Reasoning ? "reasoning-end"u8 : "text-end"u8);
                json.WriteString("id"u8, text.Part);
                break;
            case TurnBegun begun:
                Start(json, begun);
                break;
            case StepBegun:
                Type(json, "start-step"u8);
                break;
            case StepEnded:
                Type(json, "finish-step"u8);
                break;
            case ToolCalled call:
                Type(json, "tool-input-available"u8);
                json.WriteString("toolCallId"u8, call.CallId);
                json.WriteString("toolName"u8, call.Tool);
                json.WritePropertyName("input"u8);
                ToolInput.Write(json, call.Input);
                break;
            case TurnFinished finished:
                Finish(json, finished);
                break;
            case TurnFailed failed:
                Error(json, failed.Message);
                break;
            case TurnNotBegun failed:
                Error(json, failed.Message);
                break;
            case TurnAborted:
                Type(json, "abort"u8);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(turnEvent), turnEvent.GetType().Name, "An event without a chunk.");
        }

        json.WriteEndObject();
    }

    private static void Start(Utf8JsonWriter json, TurnBegun begun)
    {
        Type(json, "start"u8);
        json.WriteString("messageId"u8, begun.Message);
        json.WriteStartObject("messageMetadata"u8);
        if (begun.Chat is { } chat)
        {
            json.WriteString("chatId"u8, chat.ToString());
        }

        json.WriteString("modelId"u8, begun.ModelId);
        json.WriteString("turnId"u8, begun.Turn.ToString());
        json.WriteEndObject();
    }

    private static void Finish(Utf8JsonWriter json, TurnFinished finished)
    {
        Type(json, "finish"u8);
        json.WriteString("finishReason"u8, finished.FinishReason);
        json.WriteStartObject("messageMetadata"u8);
        if (finished.ModelId is { } model)
        {
            json.WriteString("modelId"u8, model);
        }

        json.WriteStartObject("usage"u8);
        var tokens = TokensResponse.Of(finished.Usage);
        json.WriteNumber("inputTokens"u8, tokens.InputTokens);
        json.WriteNumber("outputTokens"u8, tokens.OutputTokens);
        json.WriteNumber("cachedInputTokens"u8, tokens.CachedInputTokens);
        json.WriteNumber("reasoningTokens"u8, tokens.ReasoningTokens);
        json.WriteNumber("totalTokens"u8, tokens.TotalTokens);
        json.WriteEndObject();
        json.WriteNumber("credits"u8, CreditAmount.Of(finished.CreditsMicro));
        json.WriteBoolean("estimated"u8, finished.Estimated);
        Remaining(json, "poolRemaining"u8, finished.PoolRemaining);
        Remaining(json, "profileRemaining"u8, finished.ProfileRemaining);
        if (finished.LimitedBy is { } check)
        {
            json.WriteString("limitedBy"u8, RefusalProblem.Code(check));
        }

        json.WriteEndObject();
    }

    // Metadata is the service's own object, in which null says unlimited; only the protocol's fields must not be null.
    private static void Remaining(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? microCredits)
    {
        if (CreditAmount.Of(microCredits) is { } credits)
        {
            json.WriteNumber(name, credits);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Error(Utf8JsonWriter json, string text)
    {
        Type(json, "error"u8);
        json.WriteString("errorText"u8, text);
    }

    private static void Type(Utf8JsonWriter json, ReadOnlySpan<byte> type) => json.WriteString("type"u8, type);
}
