namespace Informer.Ai.Storage.Postgres;

/// <summary>The statements of the credit ledger.</summary>
internal static class LedgerSql
{
    public const string TakeOver =
        """
        INSERT INTO credit_pool (
            tenant, epoch, seq, granted, held, settled, slush_permille, pay_as_you_go, overage_rate)
        VALUES ($1, 1, 0, 0, 0, 0, $2, $3, $4)
        ON CONFLICT (tenant) DO UPDATE SET epoch = credit_pool.epoch + 1
        RETURNING epoch, seq, granted, settled, slush_permille, pay_as_you_go, overage_rate
        """;

    /// <summary>A hold was last heard of when it was taken, extended or checkpointed.</summary>
    public const string OpenHolds =
        """
        SELECT e.origin, h.amount, clock_timestamp() - greatest(h.touched_at, c.at)
        FROM credit_hold h
        JOIN ledger_entry e ON e.tenant = h.tenant AND e.seq = h.seq
        LEFT JOIN turn_checkpoint c ON c.tenant = h.tenant AND c.hold_id = h.hold_id
        WHERE h.tenant = $1
        ORDER BY h.seq
        """;

    /// <summary>
    /// A whole batch, written or refused at once. The fence changes no row unless epoch and last number are still
    /// what the writer believes, and everything else is written from it: without it there is nothing to write.
    /// In SQLite these are statements of their own in one transaction; here each would be a round trip.
    /// </summary>
    public const string Commit =
        """
        WITH fence AS (
            UPDATE credit_pool
            SET seq = seq + $3,
                granted = granted + $5,
                held = held + $6,
                settled = settled + $7,
                slush_permille = coalesce($8, slush_permille),
                pay_as_you_go = coalesce($9, pay_as_you_go),
                overage_rate = coalesce($10, overage_rate)
            WHERE tenant = $1 AND epoch = $2 AND ($3 = 0 OR seq = $4)
            RETURNING tenant, epoch
        ), entries AS (
            INSERT INTO ledger_entry (
                tenant, seq, epoch, kind, hold_id, key, granted, held, settled,
                day, actor, entity_type, entity_id, reason, origin)
            SELECT f.tenant, e.seq, f.epoch, e.kind, e.hold_id, e.key, e.granted, e.held, e.settled,
                e.day, e.actor, e.entity_type, e.entity_id, e.reason, e.origin
            FROM fence f, unnest(
                $11::bigint[], $12::text[], $13::uuid[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[],
                $18::date[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[])
                AS e (seq, kind, hold_id, key, granted, held, settled, day, actor, entity_type, entity_id, reason, origin)
        ), opened AS (
            INSERT INTO credit_hold (tenant, hold_id, seq, amount)
            SELECT f.tenant, o.hold_id, o.seq, o.amount
            FROM fence f, unnest($24::uuid[], $25::bigint[], $26::bigint[]) AS o (hold_id, seq, amount)
        ), extended AS (
            UPDATE credit_hold
            SET amount = ($28::bigint[])[array_position($27::uuid[], hold_id)], touched_at = now()
            WHERE tenant = $1 AND hold_id = ANY ($27::uuid[]) AND EXISTS (SELECT 1 FROM fence)
            RETURNING 1
        ), closed AS (
            DELETE FROM credit_hold
            WHERE tenant = $1 AND hold_id = ANY ($29::uuid[]) AND EXISTS (SELECT 1 FROM fence)
            RETURNING 1
        ), events AS (
            INSERT INTO usage_event (
                tenant, seq, hold_id, kind, day, actor, entity_type, entity_id, byok, held, cap, gates,
                resource_type, model_id, held_model_id, provider_id, price_version, chat_id, parent_id,
                input_tokens, output_tokens, cache_read_tokens, cache_write_short_tokens, cache_write_long_tokens,
                reasoning_tokens, images, raw_usage, charged, estimated, finish_reason)
            SELECT f.tenant, u.*
            FROM fence f, unnest(
                $30::bigint[], $31::uuid[], $32::text[], $33::date[], $34::text[], $35::text[], $36::text[],
                $37::boolean[], $38::bigint[], $39::bigint[], $40::integer[],
                $41::text[], $42::text[], $43::text[], $44::text[], $45::text[], $46::text[], $47::uuid[],
                $48::bigint[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::bigint[],
                $55::text[], $56::bigint[], $57::boolean[], $58::text[]) AS u
        ), rollups AS (
            INSERT INTO usage_rollup (tenant, dimension, key, day, resource_type, charged, events, tokens)
            SELECT f.tenant, r.*
            FROM fence f, unnest(
                $59::text[], $60::text[], $61::date[], $62::text[], $63::bigint[], $64::bigint[], $65::bigint[]) AS r
            ON CONFLICT (tenant, dimension, key, day, resource_type) DO UPDATE
            SET charged = usage_rollup.charged + excluded.charged,
                events = usage_rollup.events + excluded.events,
                tokens = usage_rollup.tokens + excluded.tokens
        ), budgets AS (
            INSERT INTO entity_budget (tenant, entity_type, entity_id, micro_credits)
            SELECT f.tenant, b.*
            FROM fence f, unnest($66::text[], $67::text[], $68::bigint[]) AS b
            ON CONFLICT (tenant, entity_type, entity_id) DO UPDATE SET micro_credits = excluded.micro_credits
        )
        SELECT require_open($69, (SELECT count(*) FROM extended) + (SELECT count(*) FROM closed)) FROM fence
        """;

    public const string ScopeCharged =
        """
        SELECT coalesce(sum(charged), 0)::bigint,
            (SELECT micro_credits FROM entity_budget WHERE tenant = $1 AND entity_type = $6 AND entity_id = $7)
        FROM usage_rollup
        WHERE tenant = $1 AND dimension = $2 AND key = $3 AND day >= $4 AND day < $5
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
        WHERE r.tenant = $1 AND r.hold_id = $2 AND r.kind IN ('settle', 'void', 'expire')
        """;

    public const string HasKey =
        """
        SELECT EXISTS (SELECT 1 FROM ledger_entry WHERE tenant = $1 AND key = $2)
        """;

    public const string Evidence =
        """
        SELECT hold_id, clock_timestamp() - at, cost, input_tokens, output_tokens, cache_read_tokens,
            cache_write_short_tokens, cache_write_long_tokens, reasoning_tokens, images
        FROM turn_checkpoint
        WHERE tenant = $1 AND hold_id = ANY ($2)
        """;

    public const string TenantsWithOpenHolds =
        """
        SELECT DISTINCT tenant FROM credit_hold ORDER BY tenant
        """;
}
