-- Amounts are micro-credits, times are microseconds since 1970 in UTC, days are yyyy-mm-dd in UTC,
-- ids are 32 hexadecimal digits.

-- One row a tenant: who owns its ledger (epoch), the last row's number and the running totals. Every batch
-- updates it first, so that a former owner is refused before it has written anything.
CREATE TABLE credit_pool (
    tenant         TEXT    NOT NULL PRIMARY KEY,
    epoch          INTEGER NOT NULL,
    seq            INTEGER NOT NULL,
    granted        INTEGER NOT NULL,
    held           INTEGER NOT NULL,
    settled        INTEGER NOT NULL,
    slush_permille INTEGER NOT NULL,
    pay_as_you_go  INTEGER NOT NULL,
    overage_rate   INTEGER NOT NULL,
    CONSTRAINT credit_pool_was_taken_over        CHECK (epoch >= 1),
    CONSTRAINT credit_pool_seq_counts_from_zero  CHECK (seq >= 0),
    CONSTRAINT credit_pool_granted_not_negative  CHECK (granted >= 0),
    CONSTRAINT credit_pool_held_not_negative     CHECK (held >= 0),
    CONSTRAINT credit_pool_slush_not_negative    CHECK (slush_permille >= 0),
    CONSTRAINT credit_pool_pay_as_you_go_boolean CHECK (pay_as_you_go IN (0, 1)),
    CONSTRAINT credit_pool_overage_not_negative  CHECK (overage_rate >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_entry (
    tenant      TEXT    NOT NULL REFERENCES credit_pool (tenant),
    seq         INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    hold_id     TEXT,
    key         TEXT,
    granted     INTEGER NOT NULL,
    held        INTEGER NOT NULL,
    settled     INTEGER NOT NULL,
    day         TEXT    NOT NULL,
    actor       TEXT,
    entity_type TEXT,
    entity_id   TEXT,
    reason      TEXT,
    origin      TEXT, -- the whole hold as JSON, so that a resolved one can still be told
    at          INTEGER NOT NULL,
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
) STRICT, WITHOUT ROWID;

-- A hold is taken once, resolved once and settled late at most once, whatever the program believes.
CREATE UNIQUE INDEX ledger_entry_one_hold ON ledger_entry (tenant, hold_id) WHERE kind = 'hold';
CREATE UNIQUE INDEX ledger_entry_one_resolution ON ledger_entry (tenant, hold_id)
    WHERE kind IN ('settle', 'void', 'expire');
CREATE UNIQUE INDEX ledger_entry_one_late_settle ON ledger_entry (tenant, hold_id) WHERE kind = 'late-settle';
CREATE UNIQUE INDEX ledger_entry_one_key ON ledger_entry (tenant, key) WHERE key IS NOT NULL;

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger_entry is append-only');
END;

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger_entry is append-only');
END;

-- The open holds only. What a hold is for stands in its ledger row, which it cannot exist without.
CREATE TABLE credit_hold (
    tenant     TEXT    NOT NULL,
    hold_id    TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    amount     INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, hold_id),
    FOREIGN KEY (tenant, seq) REFERENCES ledger_entry (tenant, seq),
    CONSTRAINT credit_hold_amount_not_negative CHECK (amount >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_event (
    tenant                   TEXT    NOT NULL,
    seq                      INTEGER NOT NULL,
    hold_id                  TEXT    NOT NULL,
    kind                     TEXT    NOT NULL,
    day                      TEXT    NOT NULL,
    actor                    TEXT    NOT NULL,
    entity_type              TEXT,
    entity_id                TEXT,
    byok                     INTEGER NOT NULL,
    held                     INTEGER NOT NULL,
    cap                      INTEGER,
    gates                    INTEGER NOT NULL,
    resource_type            TEXT    NOT NULL,
    model_id                 TEXT    NOT NULL, -- the one that answered
    held_model_id            TEXT    NOT NULL, -- the one that the hold was taken for
    provider_id              TEXT    NOT NULL,
    price_version            TEXT    NOT NULL,
    chat_id                  TEXT,
    parent_id                TEXT,
    input_tokens             INTEGER NOT NULL,
    output_tokens            INTEGER NOT NULL,
    cache_read_tokens        INTEGER NOT NULL,
    cache_write_short_tokens INTEGER NOT NULL,
    cache_write_long_tokens  INTEGER NOT NULL,
    reasoning_tokens         INTEGER NOT NULL,
    images                   INTEGER NOT NULL,
    raw_usage                TEXT,
    charged                  INTEGER NOT NULL,
    estimated                INTEGER NOT NULL,
    finish_reason            TEXT    NOT NULL,
    at                       INTEGER NOT NULL,
    PRIMARY KEY (tenant, seq),
    FOREIGN KEY (tenant, seq) REFERENCES ledger_entry (tenant, seq),
    CONSTRAINT usage_event_kind_known CHECK (kind IN ('settled', 'voided', 'expired', 'late-settled')),
    CONSTRAINT usage_event_entity_whole CHECK ((entity_type IS NULL) = (entity_id IS NULL)),
    CONSTRAINT usage_event_booleans CHECK (byok IN (0, 1) AND estimated IN (0, 1)),
    CONSTRAINT usage_event_charge_not_negative CHECK (charged >= 0 OR kind = 'late-settled'),
    CONSTRAINT usage_event_void_charges_nothing CHECK (charged = 0 OR kind <> 'voided'),
    CONSTRAINT usage_event_tokens_not_negative CHECK (
        input_tokens >= 0 AND output_tokens >= 0 AND cache_read_tokens >= 0 AND cache_write_short_tokens >= 0
        AND cache_write_long_tokens >= 0 AND reasoning_tokens >= 0 AND images >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_event_day ON usage_event (tenant, day);

CREATE TRIGGER usage_event_no_update BEFORE UPDATE ON usage_event
BEGIN
    SELECT RAISE(ABORT, 'usage_event is append-only');
END;

CREATE TRIGGER usage_event_no_delete BEFORE DELETE ON usage_event
BEGIN
    SELECT RAISE(ABORT, 'usage_event is append-only');
END;

-- The day stands after the key: a scope's month is then one short range.
CREATE TABLE usage_rollup (
    tenant        TEXT    NOT NULL,
    dimension     TEXT    NOT NULL,
    key           TEXT    NOT NULL,
    day           TEXT    NOT NULL,
    resource_type TEXT    NOT NULL,
    charged       INTEGER NOT NULL,
    events        INTEGER NOT NULL,
    tokens        INTEGER NOT NULL,
    PRIMARY KEY (tenant, dimension, key, day, resource_type),
    CONSTRAINT usage_rollup_dimension_known CHECK (dimension IN ('tenant', 'actor', 'entity', 'model')),
    CONSTRAINT usage_rollup_events_not_negative CHECK (events >= 0)
) STRICT, WITHOUT ROWID;

-- Null is unlimited, 0 is a hard stop.
CREATE TABLE entity_budget (
    tenant        TEXT NOT NULL,
    entity_type   TEXT NOT NULL,
    entity_id     TEXT NOT NULL,
    micro_credits INTEGER,
    PRIMARY KEY (tenant, entity_type, entity_id),
    CONSTRAINT entity_budget_not_negative CHECK (micro_credits >= 0)
) STRICT, WITHOUT ROWID;
