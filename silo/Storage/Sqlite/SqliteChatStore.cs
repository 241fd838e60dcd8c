using Informer.Ai.Chats;
using Informer.Ai.Tenancy;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>Conversations in the embedded database. Each change is one job of the group commit.</summary>
public sealed class SqliteChatStore(SqliteDatabase database) : IChatStore
{
    public Task<StoredChat?> FindAsync(ChatKey key, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(
                ChatSql.Find,
                ToStoredChat,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn())).SingleOrDefault(),
            cancellation);

    public Task CreateAsync(
        ChatKey key, StoredChat chat, IReadOnlyList<StoredMessage> messages, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                Create(session, key, chat);
                foreach (var message in messages)
                {
                    Keep(session, key, message);
                }
            },
            cancellation);

    public Task ChangeAsync(
        ChatKey key, ChatSettings settings, DateTimeOffset updatedAt, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                ChatSql.Change,
                [.. Columns(key, settings), ("@updatedAt", updatedAt.ToMicroseconds())]),
            cancellation);

    public Task<bool> NameAsync(ChatKey key, string name, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                ChatSql.Name,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@name", name),
                ("@nameFolded", Fold(name))) == 1,
            cancellation);

    public Task ForkAsync(ChatKey key, ChatId fork, StoredChat chat, long last, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                Create(session, key with { Chat = fork }, chat);
                session.Execute(
                    ChatSql.CopyMessages,
                    ("@tenant", key.Tenant.Value),
                    ("@user", key.User.Value),
                    ("@chat", key.Chat.Value.ToColumn()),
                    ("@fork", fork.Value.ToColumn()),
                    ("@last", last));
            },
            cancellation);

    public Task AppendAsync(ChatKey key, StoredMessage message, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    ChatSql.Append,
                    ("@tenant", key.Tenant.Value),
                    ("@user", key.User.Value),
                    ("@chat", key.Chat.Value.ToColumn()),
                    ("@nextOrdinal", message.Ordinal + 1),
                    ("@at", message.Message.CreatedAt.ToMicroseconds()));
                Keep(session, key, message);
            },
            cancellation);

    public Task EditAsync(ChatKey key, StoredMessage message, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                ChatSql.EditMessage,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@id", message.Message.Id.Value.ToColumn()),
                ("@parts", message.Message.Parts),
                ("@feedback", message.Message.Feedback),
                ("@tokens", (long)message.Tokens),
                ("@updatedAt", message.Message.UpdatedAt.ToMicroseconds())),
            cancellation);

    public Task RemoveAsync(ChatKey key, long first, long last, CancellationToken cancellation) =>
        database.WriteAsync(session => Remove(session, key, first, last), cancellation);

    public Task DeleteAsync(ChatKey key, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                var (tenant, user, chat) = (key.Tenant.Value, key.User.Value, key.Chat.Value.ToColumn());
                session.Execute(ChatSql.DropCheckpoints, ("@tenant", tenant), ("@user", user), ("@chat", chat));
                session.Execute(ChatSql.Delete, ("@tenant", tenant), ("@user", user), ("@chat", chat));
            },
            cancellation);

    public Task<ChatPage> ListAsync(TenantId tenant, UserId user, ChatQuery query, CancellationToken cancellation) =>
        database.ReadAsync(session => List(session, tenant, user, query), cancellation);

    public Task BeginTurnAsync(ChatKey key, TurnStart start, CancellationToken cancellation) =>
        database.WriteAsync(session => BeginTurn(session, key, start), cancellation);

    public Task EndTurnAsync(ChatKey key, TurnEnd end, CancellationToken cancellation) =>
        database.WriteAsync(session => EndTurn(session, key, end), cancellation);

    public Task<IReadOnlyList<StoredMessage>> LatestAsync(
        ChatKey key, long before, int tokensMax, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredMessage>>(
            session =>
            {
                var latest = new List<StoredMessage>();
                var tokens = 0L;
                session.QueryWhile(
                    ChatSql.LatestMessages,
                    row =>
                    {
                        tokens += row.GetInt32(9);
                        if (tokens > tokensMax)
                        {
                            return false;
                        }

                        latest.Add(ToMessage(row));
                        return true;
                    },
                    ("@tenant", key.Tenant.Value),
                    ("@user", key.User.Value),
                    ("@chat", key.Chat.Value.ToColumn()),
                    ("@before", before));
                latest.Reverse();
                return latest;
            },
            cancellation);

    public Task<StoredMessage?> FindMessageAsync(
        ChatKey key, string idOrClientId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => (MessageId.TryParse(idOrClientId, out var id) ? FindMessage(session, key, id) : null)
                ?? session.Query(
                    ChatSql.FindMessageOfClient,
                    ToMessage,
                    ("@tenant", key.Tenant.Value),
                    ("@user", key.User.Value),
                    ("@chat", key.Chat.Value.ToColumn()),
                    ("@clientId", idOrClientId)).SingleOrDefault(),
            cancellation);

    public Task<StoredMessage?> MessageBeforeAsync(ChatKey key, long ordinal, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(
                ChatSql.MessageBefore,
                ToMessage,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@before", ordinal)).SingleOrDefault(),
            cancellation);

    public Task<IReadOnlyList<StoredMessage>> MessagesAfterAsync(
        ChatKey key, long ordinal, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredMessage>>(
            session => session.Query(
                ChatSql.MessagesAfter,
                ToMessage,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@after", ordinal),
                ("@limit", (long)limit)),
            cancellation);

    public Task<MessagePage> ListMessagesAsync(
        ChatKey key, int start, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            session =>
            {
                var (tenant, user, chat) = (key.Tenant.Value, key.User.Value, key.Chat.Value.ToColumn());
                var total = session.Number(
                    ChatSql.CountMessages, ("@tenant", tenant), ("@user", user), ("@chat", chat));
                var messages = session.Query(
                    ChatSql.ListMessages,
                    row => ToMessage(row).Message,
                    ("@tenant", tenant),
                    ("@user", user),
                    ("@chat", chat),
                    ("@start", (long)start),
                    ("@limit", (long)limit));
                return new MessagePage((int)total, [.. messages]);
            },
            cancellation);

    private static IEnumerable<(string Name, object? Value)> Columns(ChatKey key, ChatSettings settings) =>
    [
        ("@tenant", key.Tenant.Value),
        ("@user", key.User.Value),
        ("@chat", key.Chat.Value.ToColumn()),
        ("@name", settings.Name),
        ("@nameFolded", Fold(settings.Name)),
        ("@autoRename", settings.AutoRename.ToColumn()),
        ("@model", settings.ModelId),
        ("@tier", settings.Tier),
        ("@instructions", settings.Instructions),
        ("@web", settings.Web.ToColumn()),
        ("@helpCenter", settings.HelpCenter.ToColumn()),
        ("@magicReport", settings.MagicReport.ToColumn()),
        ("@pinned", settings.Pinned.ToColumn()),
        ("@directory", settings.Directory),
        ("@outputSize", settings.OutputSize),
        ("@ownerAssistant", settings.OwnerAssistantId),
        ("@primaryAssistant", settings.PrimaryAssistantId),
        ("@assistants", StoredJson.Of(settings.AssistantIds)),
        ("@datasets", StoredJson.Of(settings.DatasetIds)),
        ("@libraries", StoredJson.Of(settings.LibraryIds)),
        ("@entityType", settings.Entity?.Type),
        ("@entityId", settings.Entity?.Id),
    ];

    private static void Create(SqliteSession session, ChatKey key, StoredChat chat)
    {
        session.Execute(
            ChatSql.Create,
            [
                .. Columns(key, chat.Settings),
                ("@nextOrdinal", chat.NextOrdinal),
                ("@turn", chat.Turn?.Id.Value.ToColumn()),
                ("@turnAnswer", chat.Turn?.Answer.Value.ToColumn()),
                ("@turnOrdinal", chat.Turn?.Ordinal),
                ("@turnModel", chat.Turn?.ModelId),
                ("@turnContinues", chat.Turn?.Continues),
                ("@turnStartedAt", chat.Turn?.StartedAt.ToMicroseconds()),
                ("@createdAt", chat.CreatedAt.ToMicroseconds()),
                ("@updatedAt", chat.UpdatedAt.ToMicroseconds()),
                ("@namingTried", chat.NamingTried.ToColumn()),
            ]);
    }

    private static ChatPage List(SqliteSession session, TenantId tenant, UserId user, ChatQuery query)
    {
        var search = Fold(query.Search);
        var total = session.Number(
            ChatSql.Count,
            ("@tenant", tenant.Value),
            ("@user", user.Value),
            ("@search", search),
            ("@directory", query.Directory),
            ("@pinned", query.Pinned?.ToColumn()));
        var chats = session.Query(
            ChatSql.List,
            row => new Chat(
                new ChatId(row.Id(22)),
                ToSettings(row),
                Stale: false,
                row.Moment(20),
                row.Moment(21),
                row.IdOrNull(18) is { } turn ? new TurnRef(new TurnId(turn), row.Moment(19)) : null),
            ("@tenant", tenant.Value),
            ("@user", user.Value),
            ("@search", search),
            ("@directory", query.Directory),
            ("@pinned", query.Pinned?.ToColumn()),
            ("@limit", (long)query.Limit),
            ("@offset", (long)query.Offset));
        return new ChatPage((int)total, [.. chats]);
    }

    private static void BeginTurn(SqliteSession session, ChatKey key, TurnStart start)
    {
        var marked = session.Execute(
            ChatSql.BeginTurn,
            ("@tenant", key.Tenant.Value),
            ("@user", key.User.Value),
            ("@chat", key.Chat.Value.ToColumn()),
            ("@turn", start.Turn.Id.Value.ToColumn()),
            ("@turnAnswer", start.Turn.Answer.Value.ToColumn()),
            ("@turnOrdinal", start.Turn.Ordinal),
            ("@turnModel", start.Turn.ModelId),
            ("@turnContinues", start.Turn.Continues),
            ("@turnStartedAt", start.Turn.StartedAt.ToMicroseconds()),
            ("@nextOrdinal", start.NextOrdinal));
        if (marked == 0)
        {
            throw new InvalidOperationException($"Chat {key.Chat} is gone: no turn can begin in it.");
        }

        if (start.RemoveFrom is { } ordinal)
        {
            Remove(session, key, ordinal, long.MaxValue);
        }

        if (start.Input is not null)
        {
            Keep(session, key, start.Input);
        }
    }

    private static void EndTurn(SqliteSession session, ChatKey key, TurnEnd end)
    {
        var (tenant, user, chat) = (key.Tenant.Value, key.User.Value, key.Chat.Value.ToColumn());
        var turn = end.Turn.Value.ToColumn();
        session.Execute(
            ChatSql.DropCheckpoint, ("@tenant", tenant), ("@user", user), ("@turn", turn), ("@chat", chat));
        var ended = session.Execute(
            ChatSql.EndTurn,
            ("@tenant", tenant),
            ("@user", user),
            ("@chat", chat),
            ("@turn", turn),
            ("@at", end.At.ToMicroseconds()),
            ("@naming", end.Naming.ToColumn()));

        // An end that comes again, or after another activation has completed the turn, must not bring back an
        // answer that was replaced since.
        if (ended == 1 && end.Answer is not null)
        {
            Keep(session, key, end.Answer);
        }
    }

    private static void Keep(SqliteSession session, ChatKey key, StoredMessage stored)
    {
        var message = stored.Message;
        session.Execute(
            ChatSql.KeepMessage,
            ("@tenant", key.Tenant.Value),
            ("@user", key.User.Value),
            ("@chat", key.Chat.Value.ToColumn()),
            ("@ordinal", stored.Ordinal),
            ("@id", message.Id.Value.ToColumn()),
            ("@clientId", message.ClientId),
            ("@role", message.Role),
            ("@parts", message.Parts),
            ("@metadata", StoredJson.Of(message.Metadata)),
            ("@feedback", message.Feedback),
            ("@tokens", (long)stored.Tokens),
            ("@createdAt", message.CreatedAt.ToMicroseconds()),
            ("@updatedAt", message.UpdatedAt.ToMicroseconds()));
    }

    private static int Remove(SqliteSession session, ChatKey key, long first, long last) => session.Execute(
        ChatSql.RemoveMessages,
        ("@tenant", key.Tenant.Value),
        ("@user", key.User.Value),
        ("@chat", key.Chat.Value.ToColumn()),
        ("@first", first),
        ("@last", last));

    private static StoredMessage? FindMessage(SqliteSession session, ChatKey key, MessageId id) =>
        session.Query(
            ChatSql.FindMessage,
            ToMessage,
            ("@tenant", key.Tenant.Value),
            ("@user", key.User.Value),
            ("@chat", key.Chat.Value.ToColumn()),
            ("@id", id.Value.ToColumn())).SingleOrDefault();

    private static StoredChat ToStoredChat(SqliteDataReader row) => new(
        ToSettings(row),
        row.GetInt64(22),
        row.IdOrNull(18) is { } turn
            ? new StoredTurn(
                new TurnId(turn),
                new MessageId(row.Id(23)),
                row.GetInt64(24),
                row.GetString(25),
                row.TextOrNull(26),
                row.Moment(19))
            : null,
        row.Moment(20),
        row.Moment(21),
        row.Flag(27));

    private static ChatSettings ToSettings(SqliteDataReader row) => new(
        row.TextOrNull(0),
        row.Flag(1),
        row.GetString(2),
        row.GetString(3),
        row.TextOrNull(4),
        row.Flag(5),
        row.Flag(6),
        row.Flag(7),
        row.Flag(8),
        row.TextOrNull(9),
        row.GetString(10),
        row.TextOrNull(11),
        row.TextOrNull(12),
        StoredJson.ToTexts(row.GetString(13)),
        StoredJson.ToTexts(row.GetString(14)),
        StoredJson.ToTexts(row.GetString(15)),
        row.EntityOrNull(16));

    internal static StoredMessage ToMessage(SqliteDataReader row) => new(
        new ChatMessage(
            new MessageId(row.Id(0)),
            row.TextOrNull(1),
            row.GetString(2),
            row.GetString(3),
            StoredJson.ToMetadata(row.TextOrNull(4)),
            row.TextOrNull(5),
            row.Moment(6),
            row.Moment(7)),
        row.GetInt64(8),
        row.GetInt32(9));

    private static string? Fold(string? text) => string.IsNullOrEmpty(text) ? null : text.ToLowerInvariant();
}
