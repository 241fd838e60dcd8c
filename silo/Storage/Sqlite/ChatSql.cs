namespace Informer.Ai.Storage.Sqlite;

/// <summary>The statements of chats and messages. Each is bounded by tenant and user.</summary>
internal static class ChatSql
{
    public const string Find =
        """
        SELECT name, auto_rename, model_id, tier, instructions, web, help_center, magic_report, pinned, directory,
            output_size, owner_assistant_id, primary_assistant_id, assistant_ids, dataset_ids, library_ids,
            entity_type, entity_id, turn_id, turn_started_at, created_at, updated_at,
            next_ordinal, turn_answer, turn_ordinal, turn_model_id, turn_continues, naming_tried
        FROM chat
        WHERE tenant = @tenant AND user_id = @user AND id = @chat
        """;

    public const string Create =
        """
        INSERT INTO chat (
            tenant, user_id, id, name, name_folded, auto_rename, model_id, tier, instructions, web, help_center,
            magic_report, pinned, directory, output_size, owner_assistant_id, primary_assistant_id,
            assistant_ids, dataset_ids, library_ids, entity_type, entity_id, next_ordinal,
            turn_id, turn_answer, turn_ordinal, turn_model_id, turn_continues, turn_started_at,
            naming_tried, created_at, updated_at)
        VALUES (
            @tenant, @user, @chat, @name, @nameFolded, @autoRename, @model, @tier, @instructions, @web, @helpCenter,
            @magicReport, @pinned, @directory, @outputSize, @ownerAssistant, @primaryAssistant,
            @assistants, @datasets, @libraries, @entityType, @entityId, @nextOrdinal,
            @turn, @turnAnswer, @turnOrdinal, @turnModel, @turnContinues, @turnStartedAt,
            @namingTried, @createdAt, @updatedAt)
        """;

    public const string Change =
        """
        UPDATE chat
        SET name = @name, name_folded = @nameFolded, auto_rename = @autoRename, model_id = @model, tier = @tier,
            instructions = @instructions, web = @web, help_center = @helpCenter, magic_report = @magicReport,
            pinned = @pinned, directory = @directory, output_size = @outputSize,
            owner_assistant_id = @ownerAssistant, primary_assistant_id = @primaryAssistant,
            assistant_ids = @assistants, dataset_ids = @datasets, library_ids = @libraries,
            entity_type = @entityType, entity_id = @entityId, updated_at = @updatedAt
        WHERE tenant = @tenant AND user_id = @user AND id = @chat
        """;

    /// <summary>Unless its owner has named it meanwhile, or wants it to have no name.</summary>
    public const string Name =
        """
        UPDATE chat
        SET name = @name, name_folded = @nameFolded
        WHERE tenant = @tenant AND user_id = @user AND id = @chat AND name IS NULL AND auto_rename = 1
        """;

    /// <summary>A checkpoint names no user: it is the user's when the chat is.</summary>
    public const string DropCheckpoints =
        """
        DELETE FROM turn_checkpoint
        WHERE tenant = @tenant AND chat_id = @chat
            AND EXISTS (SELECT 1 FROM chat WHERE tenant = @tenant AND user_id = @user AND id = @chat)
        """;

    /// <summary>Its messages go with it, by their foreign key.</summary>
    public const string Delete =
        """
        DELETE FROM chat WHERE tenant = @tenant AND user_id = @user AND id = @chat
        """;

    public const string Count =
        """
        SELECT count(*) FROM chat
        WHERE tenant = @tenant AND user_id = @user
            AND (@search IS NULL OR instr(name_folded, @search) > 0)
            AND (@directory IS NULL OR directory = @directory)
            AND (@pinned IS NULL OR pinned = @pinned)
        """;

    public const string List =
        """
        SELECT name, auto_rename, model_id, tier, instructions, web, help_center, magic_report, pinned, directory,
            output_size, owner_assistant_id, primary_assistant_id, assistant_ids, dataset_ids, library_ids,
            entity_type, entity_id, turn_id, turn_started_at, created_at, updated_at, id
        FROM chat
        WHERE tenant = @tenant AND user_id = @user
            AND (@search IS NULL OR instr(name_folded, @search) > 0)
            AND (@directory IS NULL OR directory = @directory)
            AND (@pinned IS NULL OR pinned = @pinned)
        ORDER BY pinned DESC, updated_at DESC, id DESC
        LIMIT @limit OFFSET @offset
        """;

    public const string BeginTurn =
        """
        UPDATE chat
        SET turn_id = @turn, turn_answer = @turnAnswer, turn_ordinal = @turnOrdinal, turn_model_id = @turnModel,
            turn_continues = @turnContinues, turn_started_at = @turnStartedAt,
            next_ordinal = @nextOrdinal, updated_at = @turnStartedAt
        WHERE tenant = @tenant AND user_id = @user AND id = @chat
        """;

    /// <summary>Changes nothing unless this turn is the one that is marked.</summary>
    public const string EndTurn =
        """
        UPDATE chat
        SET turn_id = NULL, turn_answer = NULL, turn_ordinal = NULL, turn_model_id = NULL,
            turn_continues = NULL, turn_started_at = NULL, updated_at = @at,
            naming_tried = naming_tried | @naming
        WHERE tenant = @tenant AND user_id = @user AND id = @chat AND turn_id = @turn
        """;

    public const string DropCheckpoint =
        """
        DELETE FROM turn_checkpoint
        WHERE tenant = @tenant AND hold_id = @turn AND chat_id = @chat
            AND EXISTS (SELECT 1 FROM chat WHERE tenant = @tenant AND user_id = @user AND id = @chat)
        """;

    /// <summary>Makes room for a message at the end.</summary>
    public const string Append =
        """
        UPDATE chat
        SET next_ordinal = @nextOrdinal, updated_at = @at
        WHERE tenant = @tenant AND user_id = @user AND id = @chat
        """;

    public const string EditMessage =
        """
        UPDATE message
        SET parts = @parts, feedback = @feedback, tokens = @tokens, updated_at = @updatedAt
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND id = @id
        """;

    public const string RemoveMessages =
        """
        DELETE FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND ordinal >= @first AND ordinal <= @last
        """;

    /// <summary>A message keeps its id in the copy: it is addressed together with its chat.</summary>
    public const string CopyMessages =
        """
        INSERT INTO message (
            tenant, user_id, chat_id, ordinal, id, client_id, role, parts, metadata, feedback, tokens,
            created_at, updated_at)
        SELECT tenant, user_id, @fork, ordinal, id, client_id, role, parts, metadata, feedback, tokens,
            created_at, updated_at
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND ordinal <= @last
        """;

    public const string KeepMessage =
        """
        INSERT INTO message (
            tenant, user_id, chat_id, ordinal, id, client_id, role, parts, metadata, feedback, tokens,
            created_at, updated_at)
        VALUES (
            @tenant, @user, @chat, @ordinal, @id, @clientId, @role, @parts, @metadata, @feedback, @tokens,
            @createdAt, @updatedAt)
        ON CONFLICT (tenant, user_id, chat_id, id) DO UPDATE
        SET ordinal = excluded.ordinal,
            client_id = excluded.client_id,
            role = excluded.role,
            parts = excluded.parts,
            metadata = excluded.metadata,
            feedback = excluded.feedback,
            tokens = excluded.tokens,
            created_at = excluded.created_at,
            updated_at = excluded.updated_at
        """;

    public const string LatestMessages =
        """
        SELECT id, client_id, role, parts, metadata, feedback, created_at, updated_at, ordinal, tokens
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND ordinal < @before
        ORDER BY ordinal DESC
        """;

    public const string MessageBefore =
        """
        SELECT id, client_id, role, parts, metadata, feedback, created_at, updated_at, ordinal, tokens
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND ordinal < @before
        ORDER BY ordinal DESC
        LIMIT 1
        """;

    public const string FindMessage =
        """
        SELECT id, client_id, role, parts, metadata, feedback, created_at, updated_at, ordinal, tokens
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND id = @id
        """;

    /// <summary>The latest, should a client have used its id twice.</summary>
    public const string FindMessageOfClient =
        """
        SELECT id, client_id, role, parts, metadata, feedback, created_at, updated_at, ordinal, tokens
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND client_id = @clientId
        ORDER BY ordinal DESC
        LIMIT 1
        """;

    public const string MessagesAfter =
        """
        SELECT id, client_id, role, parts, metadata, feedback, created_at, updated_at, ordinal, tokens
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND ordinal > @after
        ORDER BY ordinal
        LIMIT @limit
        """;

    public const string CountMessages =
        """
        SELECT count(*) FROM message WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat
        """;

    /// <summary>What is skipped is counted in the index; only the page itself is read.</summary>
    public const string ListMessages =
        """
        SELECT id, client_id, role, parts, metadata, feedback, created_at, updated_at, ordinal, tokens
        FROM message
        WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat AND ordinal >= (
            SELECT ordinal FROM message
            WHERE tenant = @tenant AND user_id = @user AND chat_id = @chat
            ORDER BY ordinal
            LIMIT 1 OFFSET @start)
        ORDER BY ordinal
        LIMIT @limit
        """;
}
