using System.Buffers;
using System.Globalization;
using System.Text;
using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Directives;
using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator.Chats;

/// <summary>Sends an answer as one JSON document, after the time that its tokens take.</summary>
internal sealed class ChatDocument(Completion completion)
{
    private static readonly byte[] NotUtf8 = [0xC3, 0x28, 0xFF, 0xFE];

    private readonly Directive _directive = completion.Directive;
    private readonly Call _call = completion.Call;
    private readonly Wire _wire = completion.Call.Wire;

    public Task SendAsync() => _directive.Fault switch
    {
        Fault.Endless => SendEndlessAsync(),
        Fault.ErrorMidStream => _call.SendJsonAsync(
            200, ErrorBody.Of(500, _directive.Error, "The simulator was asked for an error in mid-stream.")),
        _ => SendAnswerAsync(),
    };

    private async Task SendAnswerAsync()
    {
        var text = await GenerateAsync();
        var body = new ArrayBufferWriter<byte>(text.WrittenCount + 1_024);
        WriteHead(body);
        body.Write(text.WrittenSpan);
        WriteTail(body);

        _call.Http.Response.ContentType = "application/json";
        var half = body.WrittenMemory[..(body.WrittenCount / 2)];
        switch (_directive.Fault)
        {
            case Fault.Hang:
                await SendAsync(half);
                await _call.HangAsync();
                break;
            case Fault.Reset:
                await SendAsync(half);
                await _call.ResetAsync(_directive.Fault);
                break;
            case Fault.TruncatedJson or Fault.CutLine or Fault.NoDone:
                await SendAsync(half);
                break;
            case Fault.Drip:
                _wire.Drip(() => _call.PauseAsync(completion.DripPause));
                await SendAsync(body.WrittenMemory);
                break;
            default:
                _call.Http.Response.ContentLength = body.WrittenCount;
                await SendAsync(body.WrittenMemory);
                break;
        }

        completion.Sent((int)completion.VisibleTokens);
    }

    private async Task<ArrayBufferWriter<byte>> GenerateAsync()
    {
        var text = new ArrayBufferWriter<byte>(256);
        await completion.ReachFirstAsync();
        for (var first = true; completion.TakePiece() is { } piece; first = false)
        {
            if (!first)
            {
                await completion.ReachNextAsync();
            }

            text.Write(piece.Json);
        }

        if (_directive.Fault == Fault.InvalidUtf8)
        {
            text.Write(NotUtf8);
        }

        if (_directive.Fault == Fault.BigToken)
        {
            text.GetSpan(_directive.Size)[.._directive.Size].Fill((byte)'x');
            text.Advance(_directive.Size);
        }

        return text;
    }

    private async Task SendEndlessAsync()
    {
        _call.Http.Response.ContentType = "application/json";
        WriteHead(_wire);
        await completion.ReachFirstAsync();
        while (completion.TakePiece() is { } piece)
        {
            _wire.Write(piece.Json);
            await _wire.FlushAsync();
            completion.Sent(piece.Tokens);
            await completion.ReachNextAsync();
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        _wire.Write(bytes.Span);
        await _wire.FlushAsync();
    }

    /// <summary>Everything before the text of the answer, or of the tool call's arguments.</summary>
    private void WriteHead(IBufferWriter<byte> output)
    {
        var created = _call.Exchange.StartedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Write(
            output,
            $"{{\"id\":\"{completion.Id}\",\"object\":\"chat.completion\",\"created\":{created},\"model\":\"{completion.Request.Model}\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"refusal\":null,\"content\":");
        if (completion.Tool is { } tool)
        {
            Write(
                output,
                $"null,\"tool_calls\":[{{\"id\":\"{completion.CallId}\",\"type\":\"function\",\"function\":{{"
                + $"\"name\":\"{Encoding.UTF8.GetString(Piece.Escape(tool))}\",\"arguments\":");
        }

        Write(output, "\"");
    }

    private void WriteTail(IBufferWriter<byte> output)
    {
        Write(output, completion.Tool is null ? "\"" : "\"}}]");
        Write(output, $"}},\"logprobs\":null,\"finish_reason\":\"{completion.FinishReason}\"}}]");
        var usage = completion.Usage.Json(completion.VisibleTokens);
        var times = _directive.Fault switch { Fault.UsageMissing => 0, Fault.UsageTwice => 2, _ => 1 };
        foreach (var _ in Enumerable.Range(0, times))
        {
            Write(output, $",\"usage\":{usage}");
        }

        Write(output, ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulator\"}");
    }

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
