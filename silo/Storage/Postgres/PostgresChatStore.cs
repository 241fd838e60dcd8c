using Informer.Ai.Chats;
using Informer.Ai.Tenancy;
using Npgsql;
using static Informer.Ai.Storage.Postgres.PostgresValues;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Conversations in Postgres. Each change is one transaction, most in one round trip.</summary>
public sealed class PostgresChatStore(PostgresDatabase database) : IChatStore
{
    public async Task<StoredChat?> FindAsync(ChatKey key, CancellationToken cancellation) =>
        (await database.Source.QueryAsync(ChatSql.Find, Columns(key), ToStoredChat, cancellation)).SingleOrDefault();

    public async Task CreateAsync(
        ChatKey key, StoredChat chat, IReadOnlyList<StoredMessage> messages, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(ChatSql.Create, Columns(key, chat));
        foreach (var message in messages)
        {
            batch.Add(ChatSql.KeepMessage, Columns(key, message));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public Task ChangeAsync(
        ChatKey key, ChatSettings settings, DateTimeOffset updatedAt, CancellationToken cancellation) =>
        database.Source.ExecuteAsync(
            ChatSql.Change, [.. Columns(key, settings), Moment("updatedAt", updatedAt)], cancellation);

    public async Task<bool> NameAsync(ChatKey key, string name, CancellationToken cancellation) =>
        await database.Source.ExecuteAsync(
            ChatSql.Name, [.. Columns(key), Text("name", name), Text("nameFolded", Fold(name))], cancellation) == 1;

    public async Task ForkAsync(ChatKey key, ChatId fork, StoredChat chat, long last, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(ChatSql.Create, Columns(key with { Chat = fork }, chat))
            .Add(ChatSql.CopyMessages, [.. Columns(key), Id("fork", fork.Value), Number("last", last)]);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task AppendAsync(ChatKey key, StoredMessage message, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(
                ChatSql.Append,
                [.. Columns(key), Number("nextOrdinal", message.Ordinal + 1), Moment("at", message.Message.CreatedAt)])
            .Add(ChatSql.KeepMessage, Columns(key, message));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public Task EditAsync(ChatKey key, StoredMessage message, CancellationToken cancellation) =>
        database.Source.ExecuteAsync(
            ChatSql.EditMessage,
            [
                .. Columns(key),
                Id("id", message.Message.Id.Value),
                Text("parts", message.Message.Parts),
                Text("feedback", message.Message.Feedback),
                Number("tokens", message.Tokens),
                Moment("updatedAt", message.Message.UpdatedAt),
            ],
            cancellation);

    public Task RemoveAsync(ChatKey key, long first, long last, CancellationToken cancellation) =>
        database.Source.ExecuteAsync(ChatSql.RemoveMessages, Range(key, first, last), cancellation);

    public async Task DeleteAsync(ChatKey key, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(ChatSql.DropCheckpoints, Columns(key)).Add(ChatSql.Delete, Columns(key));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What changes between the count and the page is in one and not in the other, as between two pages.</summary>
    public async Task<ChatPage> ListAsync(TenantId tenant, UserId user, ChatQuery query, CancellationToken cancellation)
    {
        NpgsqlParameter[] Filter() =>
        [
            Text("tenant", tenant.Value),
            Text("user", user.Value),
            Text("search", Fold(query.Search)),
            Text("directory", query.Directory),
            Flag("pinned", query.Pinned),
        ];
        await using var batch = database.Source.CreateBatch();
        batch.Add(ChatSql.Count, Filter())
            .Add(ChatSql.List, [.. Filter(), Number("limit", query.Limit), Number("offset", query.Offset)]);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var total = (await reader.RowsAsync(row => row.GetInt64(0), cancellation)).Single();
        await reader.NextResultAsync(cancellation);
        return new ChatPage((int)total, [.. await reader.RowsAsync(ToChat, cancellation)]);
    }

    public async Task BeginTurnAsync(ChatKey key, TurnStart start, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(ChatSql.BeginTurn, [.. Columns(key), .. Columns(start.Turn), Number("nextOrdinal", start.NextOrdinal)]);
        if (start.RemoveFrom is { } ordinal)
        {
            batch.Add(ChatSql.RemoveMessages, Range(key, ordinal, long.MaxValue));
        }

        if (start.Input is not null)
        {
            // Refused by its foreign key, and all the rest with it, when the chat is gone.
            batch.Add(ChatSql.KeepMessage, Columns(key, start.Input));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
        if (batch.BatchCommands[0].RecordsAffected == 0)
        {
            throw new InvalidOperationException($"Chat {key.Chat} is gone: no turn can begin in it.");
        }
    }

    public async Task EndTurnAsync(ChatKey key, TurnEnd end, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(ChatSql.DropCheckpoint, [.. Columns(key), Id("turn", end.Turn.Value)])
            .Add(ChatSql.EndTurn, [.. Columns(key), Id("turn", end.Turn.Value), Moment("at", end.At), Flag("naming", end.Naming)]);
        await batch.ExecuteNonQueryAsync(cancellation);

        // An end that comes again, or after another activation has completed the turn, must not bring back an
        // answer that was replaced since.
        if (batch.BatchCommands[1].RecordsAffected == 1 && end.Answer is not null)
        {
            await using var keep = new NpgsqlBatch(connection);
            await keep.Add(ChatSql.KeepMessage, Columns(key, end.Answer)).ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    public async Task<IReadOnlyList<StoredMessage>> LatestAsync(
        ChatKey key, long before, int tokensMax, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            ChatSql.LatestMessages,
            [.. Columns(key), Number("before", before), Number("tokensMax", tokensMax)],
            ToMessage,
            cancellation);

    public async Task<StoredMessage?> FindMessageAsync(
        ChatKey key, string idOrClientId, CancellationToken cancellation) =>
        (MessageId.TryParse(idOrClientId, out var id)
            ? await FindMessage(ChatSql.FindMessage, [.. Columns(key), Id("id", id.Value)], cancellation)
            : null)
        ?? await FindMessage(ChatSql.FindMessageOfClient, [.. Columns(key), Text("clientId", idOrClientId)], cancellation);

    public Task<StoredMessage?> MessageBeforeAsync(ChatKey key, long ordinal, CancellationToken cancellation) =>
        FindMessage(ChatSql.MessageBefore, [.. Columns(key), Number("before", ordinal)], cancellation);

    public async Task<IReadOnlyList<StoredMessage>> MessagesAfterAsync(
        ChatKey key, long ordinal, int limit, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            ChatSql.MessagesAfter,
            [.. Columns(key), Number("after", ordinal), Number("limit", limit)],
            ToMessage,
            cancellation);

    public async Task<MessagePage> ListMessagesAsync(
        ChatKey key, int start, int limit, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(ChatSql.CountMessages, Columns(key))
            .Add(ChatSql.ListMessages, [.. Columns(key), Number("start", start), Number("limit", limit)]);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var total = (await reader.RowsAsync(row => row.GetInt64(0), cancellation)).Single();
        await reader.NextResultAsync(cancellation);
        return new MessagePage((int)total, [.. await reader.RowsAsync(row => ToMessage(row).Message, cancellation)]);
    }

    private static NpgsqlParameter[] Columns(ChatKey key) =>
        [Text("tenant", key.Tenant.Value), Text("user", key.User.Value), Id("chat", key.Chat.Value)];

    private static NpgsqlParameter[] Range(ChatKey key, long first, long last) =>
        [.. Columns(key), Number("first", first), Number("last", last)];

    private static NpgsqlParameter[] Columns(ChatKey key, ChatSettings settings) =>
    [
        .. Columns(key),
        Text("name", settings.Name),
        Text("nameFolded", Fold(settings.Name)),
        Flag("autoRename", settings.AutoRename),
        Text("model", settings.ModelId),
        Text("tier", settings.Tier),
        Text("instructions", settings.Instructions),
        Flag("web", settings.Web),
        Flag("helpCenter", settings.HelpCenter),
        Flag("magicReport", settings.MagicReport),
        Flag("pinned", settings.Pinned),
        Text("directory", settings.Directory),
        Text("outputSize", settings.OutputSize),
        Text("ownerAssistant", settings.OwnerAssistantId),
        Text("primaryAssistant", settings.PrimaryAssistantId),
        Text("assistants", StoredJson.Of(settings.AssistantIds)),
        Text("datasets", StoredJson.Of(settings.DatasetIds)),
        Text("libraries", StoredJson.Of(settings.LibraryIds)),
        Text("entityType", settings.Entity?.Type),
        Text("entityId", settings.Entity?.Id),
    ];

    private static NpgsqlParameter[] Columns(ChatKey key, StoredChat chat) =>
    [
        .. Columns(key, chat.Settings),
        Number("nextOrdinal", chat.NextOrdinal),
        .. Columns(chat.Turn),
        Flag("namingTried", chat.NamingTried),
        Moment("createdAt", chat.CreatedAt),
        Moment("updatedAt", chat.UpdatedAt),
    ];

    private static NpgsqlParameter[] Columns(StoredTurn? turn) =>
    [
        Id("turn", turn?.Id.Value),
        Id("turnAnswer", turn?.Answer.Value),
        Number("turnOrdinal", turn?.Ordinal),
        Text("turnModel", turn?.ModelId),
        Text("turnContinues", turn?.Continues),
        Moment("turnStartedAt", turn?.StartedAt),
    ];

    private static NpgsqlParameter[] Columns(ChatKey key, StoredMessage stored) =>
    [
        .. Columns(key),
        Number("ordinal", stored.Ordinal),
        Id("id", stored.Message.Id.Value),
        Text("clientId", stored.Message.ClientId),
        Text("role", stored.Message.Role),
        Text("parts", stored.Message.Parts),
        Text("metadata", StoredJson.Of(stored.Message.Metadata)),
        Text("feedback", stored.Message.Feedback),
        Number("tokens", stored.Tokens),
        Moment("createdAt", stored.Message.CreatedAt),
        Moment("updatedAt", stored.Message.UpdatedAt),
    ];

    private async Task<StoredMessage?> FindMessage(
        string sql, IEnumerable<NpgsqlParameter> values, CancellationToken cancellation) =>
        (await database.Source.QueryAsync(sql, values, ToMessage, cancellation)).SingleOrDefault();

    private static Chat ToChat(NpgsqlDataReader row) => new(
        new ChatId(row.GetGuid(22)),
        ToSettings(row),
        Stale: false,
        row.Moment(20),
        row.Moment(21),
        row.IdOrNull(18) is { } turn ? new TurnRef(new TurnId(turn), row.Moment(19)) : null);

    private static StoredChat ToStoredChat(NpgsqlDataReader row) => new(
        ToSettings(row),
        row.GetInt64(22),
        row.IdOrNull(18) is { } turn
            ? new StoredTurn(
                new TurnId(turn),
                new MessageId(row.GetGuid(23)),
                row.GetInt64(24),
                row.GetString(25),
                row.TextOrNull(26),
                row.Moment(19))
            : null,
        row.Moment(20),
        row.Moment(21),
        row.GetBoolean(27));

    private static ChatSettings ToSettings(NpgsqlDataReader row) => new(
        row.TextOrNull(0),
        row.GetBoolean(1),
        row.GetString(2),
        row.GetString(3),
        row.TextOrNull(4),
        row.GetBoolean(5),
        row.GetBoolean(6),
        row.GetBoolean(7),
        row.GetBoolean(8),
        row.TextOrNull(9),
        row.GetString(10),
        row.TextOrNull(11),
        row.TextOrNull(12),
        StoredJson.ToTexts(row.GetString(13)),
        StoredJson.ToTexts(row.GetString(14)),
        StoredJson.ToTexts(row.GetString(15)),
        row.EntityOrNull(16));

    internal static StoredMessage ToMessage(NpgsqlDataReader row) => new(
        new ChatMessage(
            new MessageId(row.GetGuid(0)),
            row.TextOrNull(1),
            row.GetString(2),
            row.GetString(3),
            StoredJson.ToMetadata(row.TextOrNull(4)),
            row.TextOrNull(5),
            row.Moment(6),
            row.Moment(7)),
        row.GetInt64(8),
        (int)row.GetInt64(9));

    private static string? Fold(string? text) => string.IsNullOrEmpty(text) ? null : text.ToLowerInvariant();
}
