namespace Informer.Ai.Storage.Postgres;

/// <summary>The statements of running turns' checkpoints.</summary>
internal static class CheckpointSql
{
    /// <summary>
    /// The checkpoints of all turns of a process in one statement, in the order of their keys, so that two
    /// processes cannot lock each other out. The time is the column's default: the database's.
    /// </summary>
    public const string Write =
        """
        INSERT INTO turn_checkpoint (
            tenant, hold_id, chat_id, parts, input_tokens, output_tokens, cache_read_tokens,
            cache_write_short_tokens, cache_write_long_tokens, reasoning_tokens, images, cost)
        SELECT * FROM unnest(
            @tenants, @holds, @chats, @parts, @input, @output, @cacheRead,
            @cacheWriteShort, @cacheWriteLong, @reasoning, @images, @cost)
        ORDER BY 1, 2
        ON CONFLICT (tenant, hold_id) DO UPDATE
        SET chat_id = excluded.chat_id,
            parts = excluded.parts,
            input_tokens = excluded.input_tokens,
            output_tokens = excluded.output_tokens,
            cache_read_tokens = excluded.cache_read_tokens,
            cache_write_short_tokens = excluded.cache_write_short_tokens,
            cache_write_long_tokens = excluded.cache_write_long_tokens,
            reasoning_tokens = excluded.reasoning_tokens,
            images = excluded.images,
            cost = excluded.cost,
            at = excluded.at
        """;

    public const string Find =
        """
        SELECT chat_id, parts, cost, input_tokens, output_tokens, cache_read_tokens, cache_write_short_tokens,
            cache_write_long_tokens, reasoning_tokens, images
        FROM turn_checkpoint
        WHERE tenant = @tenant AND hold_id = @hold
        """;

    /// <summary>A chat's checkpoint stays: its turn may still have to be completed from it.</summary>
    public const string DropUnheld =
        """
        DELETE FROM turn_checkpoint c
        WHERE c.chat_id IS NULL AND c.at < clock_timestamp() - @age AND NOT EXISTS (
            SELECT 1 FROM credit_hold h WHERE h.tenant = c.tenant AND h.hold_id = c.hold_id)
        """;
}
