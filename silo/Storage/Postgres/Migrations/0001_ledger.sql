-- Amounts are micro-credits, days are UTC. The same tables and names as in SQLite, in this engine's types.
-- There are no foreign keys between the tables that a batch writes: one statement writes all of them, and a
-- look-up a row would cost more than the row.

-- One row a tenant: who owns its ledger (epoch), the last row's number and the running totals. Every batch
-- updates it first, so that a former owner is refused before it has written anything. Room is left in its page
-- for the versions that a busy tenant makes between two clean-ups.
CREATE TABLE credit_pool (
    tenant         text    NOT NULL PRIMARY KEY,
    epoch          bigint  NOT NULL,
    seq            bigint  NOT NULL,
    granted        bigint  NOT NULL,
    held           bigint  NOT NULL,
    settled        bigint  NOT NULL,
    slush_permille integer NOT NULL,
    pay_as_you_go  boolean NOT NULL,
    overage_rate   bigint  NOT NULL,
    CONSTRAINT credit_pool_was_taken_over        CHECK (epoch >= 1),
    CONSTRAINT credit_pool_seq_counts_from_zero  CHECK (seq >= 0),
    CONSTRAINT credit_pool_granted_not_negative  CHECK (granted >= 0),
    CONSTRAINT credit_pool_held_not_negative     CHECK (held >= 0),
    CONSTRAINT credit_pool_slush_not_negative    CHECK (slush_permille >= 0),
    CONSTRAINT credit_pool_overage_not_negative  CHECK (overage_rate >= 0)
) WITH (fillfactor = 20);

CREATE TABLE ledger_entry (
    tenant      text        NOT NULL,
    seq         bigint      NOT NULL,
    epoch       bigint      NOT NULL,
    kind        text        NOT NULL,
    hold_id     uuid,
    key         text,
    granted     bigint      NOT NULL,
    held        bigint      NOT NULL,
    settled     bigint      NOT NULL,
    day         date        NOT NULL,
    actor       text,
    entity_type text,
    entity_id   text,
    reason      text,
    origin      text, -- the whole hold as JSON, so that a resolved one can still be told
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, seq),
    CONSTRAINT ledger_entry_seq_counts_from_one CHECK (seq >= 1),
    CONSTRAINT ledger_entry_kind_known CHECK (kind IN (
        'grant', 'hold', 'extend', 'settle', 'void', 'expire', 'late-settle', 'adjust')),
    CONSTRAINT ledger_entry_hold_or_key CHECK (
        CASE WHEN kind IN ('grant', 'adjust') THEN hold_id IS NULL AND key IS NOT NULL
             ELSE hold_id IS NOT NULL AND key IS NULL END),
    CONSTRAINT ledger_entry_hold_has_origin CHECK ((kind = 'hold') = (origin IS NOT NULL)),
    CONSTRAINT ledger_entry_entity_whole CHECK ((entity_type IS NULL) = (entity_id IS NULL)),
    CONSTRAINT ledger_entry_grant_grants CHECK (CASE WHEN kind = 'grant' THEN granted > 0 ELSE granted = 0 END),
    CONSTRAINT ledger_entry_hold_holds CHECK (kind NOT IN ('hold', 'extend') OR (held >= 0 AND settled = 0)),
    CONSTRAINT ledger_entry_resolution_releases CHECK (kind NOT IN ('settle', 'void', 'expire') OR held <= 0),
    CONSTRAINT ledger_entry_settle_charges CHECK (kind NOT IN ('settle', 'expire') OR settled >= 0),
    CONSTRAINT ledger_entry_void_charges_nothing CHECK (kind NOT IN ('void', 'grant') OR settled = 0),
    CONSTRAINT ledger_entry_only_holds_hold CHECK (kind NOT IN ('grant', 'adjust', 'late-settle') OR held = 0)
);

-- A hold is taken once, resolved once and settled late at most once, whatever the program believes.
CREATE UNIQUE INDEX ledger_entry_one_hold ON ledger_entry (tenant, hold_id) WHERE kind = 'hold';
CREATE UNIQUE INDEX ledger_entry_one_resolution ON ledger_entry (tenant, hold_id)
    WHERE kind IN ('settle', 'void', 'expire');
CREATE UNIQUE INDEX ledger_entry_one_late_settle ON ledger_entry (tenant, hold_id) WHERE kind = 'late-settle';
CREATE UNIQUE INDEX ledger_entry_one_key ON ledger_entry (tenant, key) WHERE key IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The open holds only. What a hold is for stands in its ledger row. Its rows live for seconds: the table is
-- cleaned by their number and not by a share of it. Its key begins with the hold: a search that begins with the
-- tenant passes all the holds that were closed since the last clean-up.
CREATE TABLE credit_hold (
    tenant     text        NOT NULL,
    hold_id    uuid        NOT NULL,
    seq        bigint      NOT NULL,
    amount     bigint      NOT NULL,
    touched_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (hold_id, tenant),
    CONSTRAINT credit_hold_amount_not_negative CHECK (amount >= 0)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 1000000);

CREATE TABLE usage_event (
    tenant                   text        NOT NULL,
    seq                      bigint      NOT NULL,
    hold_id                  uuid        NOT NULL,
    kind                     text        NOT NULL,
    day                      date        NOT NULL,
    actor                    text        NOT NULL,
    entity_type              text,
    entity_id                text,
    byok                     boolean     NOT NULL,
    held                     bigint      NOT NULL,
    cap                      bigint,
    gates                    integer     NOT NULL,
    resource_type            text        NOT NULL,
    model_id                 text        NOT NULL, -- the one that answered
    held_model_id            text        NOT NULL, -- the one that the hold was taken for
    provider_id              text        NOT NULL,
    price_version            text        NOT NULL,
    chat_id                  text,
    parent_id                uuid,
    input_tokens             bigint      NOT NULL,
    output_tokens            bigint      NOT NULL,
    cache_read_tokens        bigint      NOT NULL,
    cache_write_short_tokens bigint      NOT NULL,
    cache_write_long_tokens  bigint      NOT NULL,
    reasoning_tokens         bigint      NOT NULL,
    images                   bigint      NOT NULL,
    raw_usage                text,
    charged                  bigint      NOT NULL,
    estimated                boolean     NOT NULL,
    finish_reason            text        NOT NULL,
    at                       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, seq),
    CONSTRAINT usage_event_kind_known CHECK (kind IN ('settled', 'voided', 'expired', 'late-settled')),
    CONSTRAINT usage_event_entity_whole CHECK ((entity_type IS NULL) = (entity_id IS NULL)),
    CONSTRAINT usage_event_charge_not_negative CHECK (charged >= 0 OR kind = 'late-settled'),
    CONSTRAINT usage_event_void_charges_nothing CHECK (charged = 0 OR kind <> 'voided'),
    CONSTRAINT usage_event_tokens_not_negative CHECK (
        input_tokens >= 0 AND output_tokens >= 0 AND cache_read_tokens >= 0 AND cache_write_short_tokens >= 0
        AND cache_write_long_tokens >= 0 AND reasoning_tokens >= 0 AND images >= 0)
);

CREATE INDEX usage_event_day ON usage_event (tenant, day);

CREATE TRIGGER usage_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON usage_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The day stands after the key: a scope's month is then one short range. Its rows of today change with every
-- batch: room in the page keeps a change from touching the index.
CREATE TABLE usage_rollup (
    tenant        text   NOT NULL,
    dimension     text   NOT NULL,
    key           text   NOT NULL,
    day           date   NOT NULL,
    resource_type text   NOT NULL,
    charged       bigint NOT NULL,
    events        bigint NOT NULL,
    tokens        bigint NOT NULL,
    PRIMARY KEY (tenant, dimension, key, day, resource_type),
    CONSTRAINT usage_rollup_dimension_known CHECK (dimension IN ('tenant', 'actor', 'entity', 'model')),
    CONSTRAINT usage_rollup_events_not_negative CHECK (events >= 0)
) WITH (fillfactor = 50);

-- Null is unlimited, 0 is a hard stop.
CREATE TABLE entity_budget (
    tenant        text NOT NULL,
    entity_type   text NOT NULL,
    entity_id     text NOT NULL,
    micro_credits bigint,
    PRIMARY KEY (tenant, entity_type, entity_id),
    CONSTRAINT entity_budget_not_negative CHECK (micro_credits >= 0)
);

-- Ends the statement, and with it the batch, when a hold that it moves is not open.
CREATE FUNCTION require_open(moved bigint, were_open bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF were_open <> moved THEN
        RAISE EXCEPTION '% of the % holds that the batch moves are open', were_open, moved
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN were_open;
END
$$;

-- The role of the service may add to the ledger and read it, and nothing else; the triggers say so to others.
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entry, usage_event FROM CURRENT_USER;
