using Informer.Ai.Simulator.Directives;
using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator.Chats;

/// <summary>Sends an answer as server-sent events, one token a chunk, each flushed.</summary>
internal sealed class ChatStream
{
    private static readonly byte[] NotUtf8 = [0xC3, 0x28, 0xFF, 0xFE, 0xED, 0xA0, 0x80];

    private readonly Completion _completion;
    private readonly Directive _directive;
    private readonly Call _call;
    private readonly Wire _wire;
    private readonly ChatChunks _chunks;

    public ChatStream(Completion completion)
    {
        _completion = completion;
        _directive = completion.Directive;
        _call = completion.Call;
        _wire = _call.Wire;
        _chunks = new ChatChunks(completion, _wire);
    }

    public async Task SendAsync()
    {
        await SendHeadersAsync();
        if (_directive.Fault == Fault.Drip)
        {
            _wire.Drip(() => _call.PauseAsync(_completion.DripPause));
        }

        await _completion.ReachFirstAsync();
        if (_completion.Tool is { } tool)
        {
            _chunks.WriteToolCall(_completion.CallId, tool);
        }
        else
        {
            _chunks.WriteRole();
        }

        await _wire.FlushAsync();
        if (await SendPiecesAsync())
        {
            await SendEndAsync();
        }
    }

    private async Task SendHeadersAsync()
    {
        var response = _call.Http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        await response.StartAsync(_call.Ended);
        await _wire.FlushAsync();
    }

    /// <summary>False when a fault has ended the stream.</summary>
    private async Task<bool> SendPiecesAsync()
    {
        var isFaultMet = false;
        for (var first = true; ; first = false)
        {
            if (!isFaultMet && _completion.IsFaultDue)
            {
                isFaultMet = true;
                if (!await MeetFaultAsync())
                {
                    return false;
                }
            }

            if (_completion.TakePiece() is not { } piece)
            {
                // An answer shorter than `after` meets its fault at its end.
                return isFaultMet || _directive.Fault == Fault.None || await MeetFaultAsync();
            }

            if (!first)
            {
                await _completion.ReachNextAsync();
            }

            if (_directive.Fault == Fault.UsageInEachChunk)
            {
                _chunks.WritePiece(piece.Json, _completion.Usage.Json(_completion.VisibleTokens));
            }
            else
            {
                _chunks.WritePiece(piece.Json);
            }

            await _wire.FlushAsync();
            _completion.Sent(piece.Tokens);
        }
    }

    /// <summary>Carries out the faults of mid-stream; false when nothing may follow.</summary>
    private async Task<bool> MeetFaultAsync()
    {
        switch (_directive.Fault)
        {
            case Fault.Hang:
                await _call.HangAsync();
                return false;
            case Fault.Reset:
                await _call.ResetAsync(_directive.Fault);
                return false;
            case Fault.ErrorMidStream:
                _chunks.WriteError(ErrorBody.Of(500, _directive.Error, "The simulator was asked for an error in mid-stream."));
                await _wire.FlushAsync();
                return false;
            case Fault.TruncatedJson:
                // A whole event with half an object: a reader of events hands it on, and a reader of JSON stumbles.
                _chunks.WritePieceStart();
                _chunks.WriteEventEnd();
                await _wire.FlushAsync();
                return false;
            case Fault.CutLine:
                // Half an event: a reader of events drops it, and sees nothing but an end.
                _chunks.WritePieceStart();
                await _wire.FlushAsync();
                return false;
            case Fault.InvalidUtf8:
                _chunks.WritePiece(NotUtf8);
                await _wire.FlushAsync();
                return true;
            case Fault.BigToken:
                _chunks.WritePieceStart();
                await _wire.FillAsync((byte)'x', _directive.Size);
                _chunks.WritePieceEnd();
                await _wire.FlushAsync();
                return true;
            default:
                return true;
        }
    }

    private async Task SendEndAsync()
    {
        if (_directive.Fault == Fault.NoDone)
        {
            return;
        }

        var usage = _completion.Usage.Json(_completion.VisibleTokens);
        _chunks.WriteFinish(_completion.FinishReason, _directive.Fault == Fault.UsageInFinish ? usage : null);
        await _wire.FlushAsync();
        foreach (var _ in Enumerable.Range(0, UsageChunks))
        {
            _chunks.WriteUsage(usage);
            await _wire.FlushAsync();
        }

        _chunks.WriteDone();
        await _wire.FlushAsync();
    }

    private int UsageChunks => _directive.Fault switch
    {
        Fault.UsageMissing or Fault.UsageInFinish or Fault.UsageInEachChunk => 0,
        Fault.UsageTwice => 2,
        Fault.UsageOnlyAtEnd => 1,
        _ => _completion.Request.IncludeUsage ? 1 : 0,
    };
}
