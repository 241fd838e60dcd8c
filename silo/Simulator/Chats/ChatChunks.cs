using System.Buffers;
using System.Globalization;
using System.Text;
using Informer.Ai.Simulator.Answers;

namespace Informer.Ai.Simulator.Chats;

/// <summary>
/// The server-sent events of one stream. What is the same in all of them is encoded once, so that a token costs
/// three copies into the connection's buffer.
/// </summary>
internal sealed class ChatChunks
{
    private static readonly byte[] ContentStart = "{\"content\":\""u8.ToArray();
    private static readonly byte[] ArgumentsStart = "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\""u8.ToArray();
    private static readonly byte[] ArgumentsEnd = "\"}}]},\"logprobs\":null,\"finish_reason\":null}]"u8.ToArray();
    private static readonly byte[] ContentEnd = "\"},\"logprobs\":null,\"finish_reason\":null}]"u8.ToArray();

    private readonly IBufferWriter<byte> _out;
    private readonly byte[] _head;
    private readonly byte[] _pieceStart;
    private readonly byte[] _pieceEnd;
    private readonly string _usageNull;

    public ChatChunks(Completion completion, IBufferWriter<byte> output)
    {
        _out = output;
        var created = completion.Call.Exchange.StartedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        _head = Encoding.UTF8.GetBytes(
            $"data: {{\"id\":\"{completion.Id}\",\"object\":\"chat.completion.chunk\",\"created\":{created},"
            + $"\"model\":\"{completion.Request.Model}\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulator\",\"choices\":[");
        _usageNull = completion.Request.IncludeUsage ? ",\"usage\":null}\n\n" : "}\n\n";
        _pieceStart = [.. _head, .. "{\"index\":0,\"delta\":"u8, .. completion.Tool is null ? ContentStart : ArgumentsStart];
        _pieceEnd = [.. completion.Tool is null ? ContentEnd : ArgumentsEnd, .. Encoding.UTF8.GetBytes(_usageNull)];
    }

    public void WriteRole() =>
        WriteChoice("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null", _usageNull);

    public void WriteToolCall(string id, string name) =>
        WriteChoice(
            $"{{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{{\"index\":0,\"id\":\"{id}\",\"type\":\"function\","
            + $"\"function\":{{\"name\":\"{Encoding.UTF8.GetString(Piece.Escape(name))}\",\"arguments\":\"\"}}}}]}}",
            "null",
            _usageNull);

    public void WritePiece(ReadOnlySpan<byte> json)
    {
        var length = _pieceStart.Length + json.Length + _pieceEnd.Length;
        var span = _out.GetSpan(length);
        _pieceStart.CopyTo(span);
        json.CopyTo(span[_pieceStart.Length..]);
        _pieceEnd.CopyTo(span[(_pieceStart.Length + json.Length)..]);
        _out.Advance(length);
    }

    /// <summary>A piece with the usage so far, as some providers send it.</summary>
    public void WritePiece(ReadOnlySpan<byte> json, string usage)
    {
        _out.Write(_pieceStart);
        _out.Write(json);
        _out.Write(_pieceEnd.AsSpan(0, _pieceEnd.Length - _usageNull.Length));
        Write($",\"usage\":{usage}}}\n\n");
    }

    public void WritePieceStart() => _out.Write(_pieceStart);

    public void WritePieceEnd() => _out.Write(_pieceEnd);

    public void WriteFinish(string reason, string? usage) =>
        WriteChoice("{}", $"\"{reason}\"", usage is null ? _usageNull : $",\"usage\":{usage}}}\n\n");

    public void WriteUsage(string usage)
    {
        _out.Write(_head);
        Write($"],\"usage\":{usage}}}\n\n");
    }

    public void WriteEventEnd() => _out.Write("\n\n"u8);

    public void WriteDone() => _out.Write("data: [DONE]\n\n"u8);

    public void WriteError(byte[] error)
    {
        _out.Write("data: "u8);
        _out.Write(error);
        _out.Write("\n\n"u8);
    }

    private void WriteChoice(string delta, string finishReason, string end)
    {
        _out.Write(_head);
        Write($"{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finishReason}}}]{end}");
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _out);
}
