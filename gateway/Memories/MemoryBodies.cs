using System.Collections.Immutable;
using System.Text.Json;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Memories;

/// <summary>Makes a memory of messages; without <paramref name="Summary"/> the everyday model writes one.</summary>
public sealed record CreateMemoryRequest(string[] MessageIds, string? Summary, string? Reason, EntityResponse? Entity);

/// <summary>Replaces a memory's summary.</summary>
public sealed record ChangeMemoryRequest(string Summary, EntityResponse? Entity);

/// <summary>Asks for memories by meaning.</summary>
/// <param name="Limit">5 unless it is given, 50 at the most.</param>
/// <param name="MinScore">Cosine, 0 unless it is given.</param>
public sealed record SearchMemoriesRequest(string Query, int? Limit, float? MinScore, EntityResponse? Entity);

/// <summary>The body that makes a memory.</summary>
/// <param name="Messages">Those of the ids that can be one of a message; <paramref name="Known"/> tells if all were.</param>
internal sealed record CreateMemoryBody(
    ImmutableArray<MessageId> Messages, bool Known, string? Summary, string Reason, EntityRef? Entity)
{
    public static async ValueTask<CreateMemoryBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var names = fields.Texts("messageIds", []);
        if (names.IsEmpty && fields.Sound)
        {
            fields.Refuse("messageIds", "messageIds is required: at least one message of the chat.");
        }

        var summary = fields.Value("summary") is null ? null : fields.RequiredText("summary", MemoryLimits.SummaryCharactersMax);
        var reason = fields.Choice("reason", MemoryReason.UserCreated, MemoryReason.All)!;
        var entity = EntityReader.Read(fields, context.Request);
        fields.Verify();
        ImmutableArray<MessageId> ids = [.. names.Select(name => MessageId.TryParse(name, out var id) ? id : default)];
        return new CreateMemoryBody(ids, !ids.Contains(default), summary, reason, entity);
    }
}

/// <summary>The body that changes a memory.</summary>
internal sealed record ChangeMemoryBody(string Summary, EntityRef? Entity)
{
    public static async ValueTask<ChangeMemoryBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var body = new ChangeMemoryBody(
            fields.RequiredText("summary", MemoryLimits.SummaryCharactersMax), EntityReader.Read(fields, context.Request));
        fields.Verify();
        return body;
    }
}

/// <summary>The body of a search.</summary>
internal sealed record SearchMemoriesBody(string Query, int Limit, float ScoreMin, EntityRef? Entity)
{
    private const int LimitAbsent = 5;
    private const int LimitMax = 50;

    public static async ValueTask<SearchMemoriesBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var body = new SearchMemoriesBody(
            fields.RequiredText("query", MemoryLimits.QueryCharactersMax),
            (int)(fields.Whole("limit", 0, LimitMax, LimitAbsent) ?? LimitAbsent),
            Score(fields),
            EntityReader.Read(fields, context.Request));
        fields.Verify();
        return body;
    }

    private static float Score(Fields fields)
    {
        if (fields.Value("minScore") is not { } value)
        {
            return 0;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var score) && score is >= -1 and <= 1)
        {
            return score;
        }

        fields.Refuse("minScore", "minScore must be a number from -1 to 1.");
        return 0;
    }
}

internal static class MemoryLimits
{
    public const int SummaryCharactersMax = 8_000;
    public const int QueryCharactersMax = 8_000;
}
