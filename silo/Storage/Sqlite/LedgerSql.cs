namespace Informer.Ai.Storage.Sqlite;

/// <summary>The statements of the credit ledger.</summary>
internal static class LedgerSql
{
    public const string TakeOver =
        """
        INSERT INTO credit_pool (
            tenant, epoch, seq, granted, held, settled, slush_permille, pay_as_you_go, overage_rate)
        VALUES (@tenant, 1, 0, 0, 0, 0, @slushPermille, @payAsYouGo, @overageRate)
        ON CONFLICT (tenant) DO UPDATE SET epoch = epoch + 1
        RETURNING epoch, seq, granted, settled, slush_permille, pay_as_you_go, overage_rate
        """;

    /// <summary>A hold was last heard of when it was taken, extended or checkpointed.</summary>
    public const string OpenHolds =
        """
        SELECT e.origin, h.amount, max(h.touched_at, coalesce(c.at, 0))
        FROM credit_hold h
        JOIN ledger_entry e ON e.tenant = h.tenant AND e.seq = h.seq
        LEFT JOIN turn_checkpoint c ON c.tenant = h.tenant AND c.hold_id = h.hold_id
        WHERE h.tenant = @tenant
        ORDER BY h.seq
        """;

    /// <summary>The fence: changes no row unless epoch and last number are still what the writer believes.</summary>
    public const string Advance =
        """
        UPDATE credit_pool
        SET seq = seq + @count,
            granted = granted + @granted,
            held = held + @held,
            settled = settled + @settled,
            slush_permille = coalesce(@slushPermille, slush_permille),
            pay_as_you_go = coalesce(@payAsYouGo, pay_as_you_go),
            overage_rate = coalesce(@overageRate, overage_rate)
        WHERE tenant = @tenant AND epoch = @epoch AND (@count = 0 OR seq = @before)
        """;

    public const string AppendEntry =
        """
        INSERT INTO ledger_entry (
            tenant, seq, epoch, kind, hold_id, key, granted, held, settled,
            day, actor, entity_type, entity_id, reason, origin, at)
        VALUES (
            @tenant, @seq, @epoch, @kind, @hold, @key, @granted, @held, @settled,
            @day, @actor, @entityType, @entityId, @reason, @origin, @now)
        """;

    public const string OpenHold =
        """
        INSERT INTO credit_hold (tenant, hold_id, seq, amount, touched_at)
        VALUES (@tenant, @hold, @seq, @amount, @now)
        """;

    public const string ExtendHold =
        """
        UPDATE credit_hold SET amount = @amount, touched_at = @now
        WHERE tenant = @tenant AND hold_id = @hold
        """;

    public const string CloseHold =
        """
        DELETE FROM credit_hold WHERE tenant = @tenant AND hold_id = @hold
        """;

    public const string AppendEvent =
        """
        INSERT INTO usage_event (
            tenant, seq, hold_id, kind, day, actor, entity_type, entity_id, byok, held, cap, gates,
            resource_type, model_id, held_model_id, provider_id, price_version, chat_id, parent_id,
            input_tokens, output_tokens, cache_read_tokens, cache_write_short_tokens, cache_write_long_tokens,
            reasoning_tokens, images, raw_usage, charged, estimated, finish_reason, at)
        VALUES (
            @tenant, @seq, @hold, @kind, @day, @actor, @entityType, @entityId, @byok, @held, @cap, @gates,
            @resourceType, @model, @heldModel, @provider, @priceVersion, @chat, @parent,
            @input, @output, @cacheRead, @cacheWriteShort, @cacheWriteLong,
            @reasoning, @images, @rawUsage, @charged, @estimated, @finishReason, @now)
        """;

    public const string AddToRollup =
        """
        INSERT INTO usage_rollup (tenant, dimension, key, day, resource_type, charged, events, tokens)
        VALUES (@tenant, @dimension, @key, @day, @resourceType, @charged, @events, @tokens)
        ON CONFLICT (tenant, dimension, key, day, resource_type) DO UPDATE
        SET charged = charged + excluded.charged,
            events = events + excluded.events,
            tokens = tokens + excluded.tokens
        """;

    public const string SetBudget =
        """
        INSERT INTO entity_budget (tenant, entity_type, entity_id, micro_credits)
        VALUES (@tenant, @entityType, @entityId, @microCredits)
        ON CONFLICT (tenant, entity_type, entity_id) DO UPDATE SET micro_credits = excluded.micro_credits
        """;

    public const string ScopeCharged =
        """
        SELECT coalesce(sum(charged), 0) FROM usage_rollup
        WHERE tenant = @tenant AND dimension = @dimension AND key = @key AND day >= @from AND day < @until
        """;

    public const string Budget =
        """
        SELECT micro_credits FROM entity_budget
        WHERE tenant = @tenant AND entity_type = @entityType AND entity_id = @entityId
        """;

    /// <summary>
    /// The kinds are spelled as in the partial indexes, which find the rows only then. An expiry without a usage
    /// event found no checkpoint: that nothing was charged is an estimate.
    /// </summary>
    public const string FindResolution =
        """
        SELECT r.kind, r.held, r.settled, coalesce(u.estimated, r.kind = 'expire'), o.origin, l.settled, lu.estimated
        FROM ledger_entry r
        JOIN ledger_entry o ON o.tenant = r.tenant AND o.hold_id = r.hold_id AND o.kind = 'hold'
        LEFT JOIN usage_event u ON u.tenant = r.tenant AND u.seq = r.seq
        LEFT JOIN ledger_entry l ON l.tenant = r.tenant AND l.hold_id = r.hold_id AND l.kind = 'late-settle'
        LEFT JOIN usage_event lu ON lu.tenant = l.tenant AND lu.seq = l.seq
        WHERE r.tenant = @tenant AND r.hold_id = @hold AND r.kind IN ('settle', 'void', 'expire')
        """;

    public const string HasKey =
        """
        SELECT EXISTS (SELECT 1 FROM ledger_entry WHERE tenant = @tenant AND key = @key)
        """;

    public const string Evidence =
        """
        SELECT hold_id, at, cost, input_tokens, output_tokens, cache_read_tokens, cache_write_short_tokens,
            cache_write_long_tokens, reasoning_tokens, images
        FROM turn_checkpoint
        WHERE tenant = @tenant AND hold_id IN (SELECT value FROM json_each(@holds))
        """;

    public const string TenantsWithOpenHolds =
        """
        SELECT DISTINCT tenant FROM credit_hold ORDER BY tenant
        """;
}
