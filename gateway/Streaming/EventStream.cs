using System.Buffers;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Informer.Ai.Chats;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Informer.Ai.Streaming;

/// <summary>Writes what a reader gives as the server-sent events of a UI message stream.</summary>
internal static class EventStream
{
    /// <summary>A stream that ends without one of its ending events would look complete.</summary>
    private const string InterruptedText = "The answer was interrupted.";

    // It is never HTML, so only what JSON needs is escaped.
    internal static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sends the reader's current event and all after it; true when the turn's own end was among them.</summary>
    public static async Task<bool> Send(
        HttpContext context, TurnReader reader, TimeSpan heartbeat, TimeProvider time)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.Headers["x-accel-buffering"] = "no";
        response.Headers["x-vercel-ai-ui-message-stream"] = "v1";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        var ended = false;
        await using var json = new Utf8JsonWriter(Stream.Null, JsonOptions);
        await using var stream = new HeartbeatStream(response.Body, heartbeat, time);
        await SseFormatter.WriteAsync(Items(), stream, Format, context.RequestAborted);
        return ended;

        async IAsyncEnumerable<SseItem<TurnEvent>> Items([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            do
            {
                // What an earlier answer had has no id either: who resumes within it needs all of it again.
                yield return new SseItem<TurnEvent>(reader.Current)
                {
                    EventId = reader.Current.Seq > 0 ? reader.Current.Seq.ToString(CultureInfo.InvariantCulture) : null,
                };
                ended = reader.Current is TurnFinished or TurnFailed or TurnAborted or TurnNotBegun;
            }
            while (!ended && await reader.Next() == TurnReading.Event);

            if (!ended)
            {
                // Without an id: it is not of the turn, and a client that resumes must not skip an event for it.
                yield return new SseItem<TurnEvent>(new TurnFailed(0, InterruptedText));
            }
        }

        void Format(SseItem<TurnEvent> item, IBufferWriter<byte> buffer)
        {
            json.Reset(buffer);
            ChunkWriter.Write(json, item.Data);
            json.Flush();
        }
    }
}
