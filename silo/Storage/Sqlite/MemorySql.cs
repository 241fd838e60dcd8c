namespace Informer.Ai.Storage.Sqlite;

/// <summary>The statements of memories. Each is bounded by tenant and user, but for the one that lists them.</summary>
internal static class MemorySql
{
    /// <summary>Adds nothing when the chat is gone.</summary>
    public const string Add =
        """
        INSERT INTO memory (
            tenant, user_id, id, chat_id, summary, reason, message_ids, through_ordinal,
            embedding, embedding_model, embedding_dimension, created_at, updated_at)
        SELECT
            @tenant, @user, @id, @chat, @summary, @reason, @messages, @through,
            @embedding, @model, @dimension, @createdAt, @updatedAt
        WHERE EXISTS (SELECT 1 FROM chat WHERE tenant = @tenant AND user_id = @user AND id = @chat)
        """;

    public const string Change =
        """
        UPDATE memory
        SET summary = @summary, embedding = @embedding, embedding_model = @model, embedding_dimension = @dimension,
            updated_at = @updatedAt
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND id = @id
        """;

    /// <summary>A summary that was changed meanwhile has a vector of its own.</summary>
    public const string Embed =
        """
        UPDATE memory
        SET embedding = @embedding, embedding_model = @model, embedding_dimension = @dimension
        WHERE tenant = @tenant AND user_id = @user AND id = @id AND summary = @summary
        """;

    public const string Delete =
        """
        DELETE FROM memory WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND id = @id
        """;

    public const string DeleteAll =
        """
        DELETE FROM memory WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat
        """;

    public const string Find =
        """
        SELECT id, chat_id, summary, reason, message_ids, created_at, updated_at
        FROM memory
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND id = @id
        """;

    public const string FindMany =
        """
        SELECT id, chat_id, summary, reason, message_ids, created_at, updated_at
        FROM memory
        WHERE tenant = @tenant AND user_id = @user AND id IN (SELECT value FROM json_each(@ids))
        """;

    public const string Count =
        """
        SELECT count(*) FROM memory WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat
        """;

    public const string List =
        """
        SELECT id, chat_id, summary, reason, message_ids, created_at, updated_at
        FROM memory
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat
        ORDER BY created_at, id
        LIMIT @limit OFFSET @start
        """;

    public const string Any =
        """
        SELECT count(*) FROM (SELECT 1 FROM memory WHERE tenant = @tenant AND user_id = @user LIMIT 1) AS first
        """;

    public const string Vectors =
        """
        SELECT id, chat_id, embedding
        FROM memory
        WHERE tenant = @tenant AND user_id = @user AND embedding_model = @model AND embedding_dimension = @dimension
        """;

    public const string Spaces =
        """
        SELECT DISTINCT embedding_model, embedding_dimension
        FROM memory
        WHERE tenant = @tenant AND user_id = @user AND embedding_model IS NOT NULL
        ORDER BY embedding_model, embedding_dimension
        """;

    public const string Without =
        """
        SELECT id, chat_id, summary, reason, message_ids, created_at, updated_at
        FROM memory
        WHERE tenant = @tenant AND user_id = @user AND id > @after
            AND (embedding_model IS NULL OR embedding_model <> @model OR embedding_dimension <> @dimension)
        ORDER BY id
        LIMIT @limit
        """;

    /// <summary>Looks no further back than the latest memory that the service made.</summary>
    public const string Unsummed =
        """
        SELECT id, client_id, role, parts, metadata, feedback, created_at, updated_at, ordinal, tokens
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND ordinal < @before
            AND ordinal > (
                SELECT coalesce(max(through_ordinal), -1) FROM memory
                WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND reason <> 'user_created')
            AND NOT EXISTS (
                SELECT 1 FROM memory
                WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND reason = 'user_created'
                    AND through_ordinal >= message.ordinal AND instr(message_ids, message.id) > 0)
        ORDER BY ordinal
        LIMIT @limit
        """;

    public const string Owners =
        """
        SELECT DISTINCT tenant, user_id FROM memory WHERE @tenant IS NULL OR tenant = @tenant ORDER BY tenant, user_id
        """;
}
