namespace Informer.Ai.Storage.Postgres;

/// <summary>The statements of the ledger's second book. What reads rows takes them after a number: a range of the primary key.</summary>
internal static class AuditSql
{
    public const string Pool =
        """
        SELECT p.epoch, p.seq, p.granted, p.held, p.settled,
            coalesce(a.seq, 0), coalesce(a.granted, 0), coalesce(a.held, 0), coalesce(a.settled, 0), coalesce(a.passes, 0)
        FROM credit_pool p
        LEFT JOIN ledger_audit a ON a.tenant = p.tenant
        WHERE p.tenant = $1
        """;

    public const string Scopes =
        """
        SELECT coalesce(sum(r.charged), 0)::bigint
        FROM unnest($2::text[], $3::text[], $4::date[], $5::date[])
            WITH ORDINALITY AS s (dimension, key, first, until, number)
        LEFT JOIN usage_rollup r ON r.tenant = $1 AND r.dimension = s.dimension AND r.key = s.key
            AND r.day >= s.first AND r.day < s.until
        GROUP BY s.number
        ORDER BY s.number
        """;

    public const string Rows =
        """
        SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0),
            coalesce(sum(granted), 0)::bigint, coalesce(sum(held), 0)::bigint, coalesce(sum(settled), 0)::bigint
        FROM ledger_entry
        WHERE tenant = $1 AND seq > $2
        """;

    /// <summary>An expiry without a checkpoint has no event, and then charges nothing. Nor does a void have one.</summary>
    public const string EventsAstray =
        """
        SELECT count(*), coalesce(min(seq), 0)
        FROM (
            SELECT e.seq AS seq
            FROM ledger_entry e
            LEFT JOIN usage_event u ON u.tenant = e.tenant AND u.seq = e.seq
            WHERE e.tenant = $1 AND e.seq > $2 AND CASE
                WHEN u.seq IS NULL THEN e.kind IN ('settle', 'late-settle') OR (e.kind = 'expire' AND e.settled <> 0)
                ELSE e.kind NOT IN ('settle', 'expire', 'late-settle')
                    OR u.charged <> e.settled
                    OR (u.held <> -e.held AND e.kind <> 'late-settle')
                    OR u.hold_id IS DISTINCT FROM e.hold_id
                    OR u.day <> e.day
                    OR u.actor IS DISTINCT FROM e.actor
                    OR u.entity_type IS DISTINCT FROM e.entity_type
                    OR u.entity_id IS DISTINCT FROM e.entity_id
                END
            UNION ALL
            SELECT u.seq
            FROM usage_event u
            WHERE u.tenant = $1 AND u.seq > $2
                AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.tenant = u.tenant AND e.seq = u.seq)) astray
        """;

    public const string OpenHolds =
        """
        SELECT hold_id, amount FROM credit_hold WHERE tenant = $1
        """;

    /// <summary>What the rows do to the open holds; less the stored book, when they are all the rows.</summary>
    public const string HoldMoves =
        """
        SELECT hold_id, sum(amount)::bigint, sum(open)::bigint
        FROM (
            SELECT hold_id, held AS amount,
                CASE WHEN kind = 'hold' THEN 1 WHEN kind IN ('settle', 'void', 'expire') THEN -1 ELSE 0 END AS open
            FROM ledger_entry
            WHERE tenant = $1 AND seq > $2 AND hold_id IS NOT NULL
            UNION ALL
            SELECT hold_id, -amount, -1 FROM hold_audit WHERE tenant = $1 AND $3) moved
        GROUP BY hold_id
        HAVING sum(amount) <> 0 OR sum(open) <> 0
        """;

    public const string HoldDifferences =
        """
        SELECT h.hold_id, h.amount - coalesce(b.amount, 0), CASE WHEN b.hold_id IS NULL THEN 1 ELSE 0 END::bigint
        FROM credit_hold h
        LEFT JOIN hold_audit b ON b.tenant = h.tenant AND b.hold_id = h.hold_id
        WHERE h.tenant = $1 AND h.amount IS DISTINCT FROM b.amount
        UNION ALL
        SELECT b.hold_id, -b.amount, -1::bigint
        FROM hold_audit b
        WHERE b.tenant = $1
            AND NOT EXISTS (SELECT 1 FROM credit_hold h WHERE h.tenant = b.tenant AND h.hold_id = b.hold_id)
        """;

    /// <summary>What the rows and events add to the rollups; less the stored book, when they are all.</summary>
    public const string RollupMoves = MovesOf + " rollup_audit" + MovesEnd;

    /// <summary>The same, less the rollups themselves.</summary>
    public const string RollupErrors = MovesOf + " usage_rollup" + MovesEnd;

    public const string RollupDifferences =
        """
        SELECT r.dimension, r.key, r.day, r.resource_type, r.charged - coalesce(b.charged, 0),
            r.events - coalesce(b.events, 0), r.tokens - coalesce(b.tokens, 0)
        FROM usage_rollup r
        LEFT JOIN rollup_audit b ON b.tenant = r.tenant AND b.dimension = r.dimension AND b.key = r.key
            AND b.day = r.day AND b.resource_type = r.resource_type
        WHERE r.tenant = $1
            AND (r.charged <> coalesce(b.charged, 0) OR r.events <> coalesce(b.events, 0) OR r.tokens <> coalesce(b.tokens, 0))
        UNION ALL
        SELECT b.dimension, b.key, b.day, b.resource_type, -b.charged, -b.events, -b.tokens
        FROM rollup_audit b
        WHERE b.tenant = $1 AND (b.charged <> 0 OR b.events <> 0 OR b.tokens <> 0)
            AND NOT EXISTS (
                SELECT 1 FROM usage_rollup r
                WHERE r.tenant = b.tenant AND r.dimension = b.dimension AND r.key = b.key
                    AND r.day = b.day AND r.resource_type = b.resource_type)
        """;

    /// <summary>Changes no row when another verification was recorded since the book was read.</summary>
    public const string Record =
        """
        INSERT INTO ledger_audit (tenant, seq, granted, held, settled, passes, failure, failed_at)
        VALUES ($1, $2, $3, $4, $5, 1, $6, CASE WHEN $6 IS NULL THEN NULL ELSE now() END)
        ON CONFLICT (tenant) DO UPDATE
        SET seq = excluded.seq, granted = excluded.granted, held = excluded.held, settled = excluded.settled,
            passes = ledger_audit.passes + 1,
            failure = excluded.failure,
            failed_at = CASE WHEN excluded.failure IS NULL THEN NULL ELSE coalesce(ledger_audit.failed_at, excluded.failed_at) END,
            checked_at = excluded.checked_at
        WHERE ledger_audit.passes = $7
        """;

    public const string MoveRollups =
        """
        INSERT INTO rollup_audit (tenant, dimension, key, day, resource_type, charged, events, tokens)
        SELECT $1, m.*
        FROM unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[]) AS m
        ON CONFLICT (tenant, dimension, key, day, resource_type) DO UPDATE
        SET charged = rollup_audit.charged + excluded.charged,
            events = rollup_audit.events + excluded.events,
            tokens = rollup_audit.tokens + excluded.tokens
        """;

    public const string MoveHolds =
        """
        INSERT INTO hold_audit (tenant, hold_id, amount)
        SELECT $1, m.* FROM unnest($2::uuid[], $3::bigint[]) AS m
        ON CONFLICT (tenant, hold_id) DO UPDATE SET amount = hold_audit.amount + excluded.amount
        """;

    public const string CloseHolds =
        """
        DELETE FROM hold_audit WHERE tenant = $1 AND hold_id = ANY ($2)
        """;

    public const string EmptyRollups =
        """
        DELETE FROM rollup_audit WHERE tenant = $1
        """;

    public const string EmptyHolds =
        """
        DELETE FROM hold_audit WHERE tenant = $1
        """;

    public const string Failure =
        """
        SELECT failure FROM ledger_audit WHERE tenant = $1
        """;

    public const string TenantsToVerify =
        """
        SELECT p.tenant
        FROM credit_pool p
        LEFT JOIN ledger_audit a ON a.tenant = p.tenant
        WHERE p.seq <> coalesce(a.seq, 0) OR a.failure IS NOT NULL
        ORDER BY p.tenant
        """;

    public const string Tenants =
        """
        SELECT tenant FROM credit_pool ORDER BY tenant
        """;

    public const string RaiseEpoch =
        """
        UPDATE credit_pool SET epoch = epoch + 1 WHERE tenant = $1
        """;

    public const string CorrectRollups =
        """
        UPDATE usage_rollup r
        SET charged = r.charged + m.charged, events = r.events + m.events, tokens = r.tokens + m.tokens
        FROM unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[])
            AS m (dimension, key, day, resource_type, charged, events, tokens)
        WHERE r.tenant = $1 AND r.dimension = m.dimension AND r.key = m.key AND r.day = m.day
            AND r.resource_type = m.resource_type
        """;

    /// <summary>Empty ones, where there is none to be corrected.</summary>
    public const string AddRollups =
        """
        INSERT INTO usage_rollup (tenant, dimension, key, day, resource_type, charged, events, tokens)
        SELECT $1, m.*, 0, 0, 0
        FROM unnest($2::text[], $3::text[], $4::date[], $5::text[]) AS m
        ON CONFLICT (tenant, dimension, key, day, resource_type) DO NOTHING
        """;

    public const string DropEmptyRollups =
        """
        DELETE FROM usage_rollup WHERE tenant = $1 AND charged = 0 AND events = 0 AND tokens = 0
        """;

    private const string MovesOf =
        """
        WITH used AS MATERIALIZED (
            SELECT day, resource_type, actor, entity_type || ':' || entity_id AS entity, model_id,
                sum(charged) AS charged,
                sum(CASE WHEN kind <> 'late-settled' THEN 1 ELSE 0 END) AS events,
                sum(CASE WHEN kind <> 'late-settled' THEN input_tokens + output_tokens + cache_read_tokens
                    + cache_write_short_tokens + cache_write_long_tokens ELSE 0 END) AS tokens
            FROM usage_event
            WHERE tenant = $1 AND seq > $2
            GROUP BY 1, 2, 3, 4, 5),
        corrected AS MATERIALIZED (
            SELECT day, actor, sum(settled) AS charged, count(*) AS events
            FROM ledger_entry
            WHERE tenant = $1 AND seq > $2 AND kind = 'adjust'
            GROUP BY 1, 2)
        SELECT dimension, key, day, resource_type, sum(charged)::bigint, sum(events)::bigint, sum(tokens)::bigint
        FROM (
            SELECT 'tenant' AS dimension, '' AS key, day, resource_type, charged, events, tokens FROM used
            UNION ALL
            SELECT 'actor', actor, day, resource_type, charged, events, tokens FROM used
            UNION ALL
            SELECT 'entity', entity, day, resource_type, charged, events, tokens FROM used WHERE entity IS NOT NULL
            UNION ALL
            SELECT 'model', model_id, day, resource_type, charged, events, tokens FROM used
            UNION ALL
            SELECT 'tenant', '', day, 'adjustment', charged, events, 0 FROM corrected
            UNION ALL
            SELECT 'actor', actor, day, 'adjustment', charged, events, 0 FROM corrected WHERE actor IS NOT NULL
            UNION ALL
            SELECT dimension, key, day, resource_type, -charged, -events, -tokens FROM
        """;

    private const string MovesEnd =
        """
         WHERE tenant = $1 AND $3) moved
        GROUP BY 1, 2, 3, 4
        HAVING sum(charged) <> 0 OR sum(events) <> 0 OR sum(tokens) <> 0
        """;
}
