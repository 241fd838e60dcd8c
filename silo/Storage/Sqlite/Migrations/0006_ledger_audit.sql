-- 0005 is another engine's: both number alike, so that one number is one change.

-- A second book of each ledger, written by its verification alone. One row a tenant: the last row that was
-- verified and the sums up to it; what the last verification found wrong; how many were recorded, so that one
-- that was overtaken by another is not.
CREATE TABLE ledger_audit (
    tenant     TEXT    NOT NULL PRIMARY KEY,
    seq        INTEGER NOT NULL,
    granted    INTEGER NOT NULL,
    held       INTEGER NOT NULL,
    settled    INTEGER NOT NULL,
    passes     INTEGER NOT NULL,
    failure    TEXT,
    failed_at  INTEGER, -- since when
    checked_at INTEGER NOT NULL,
    CONSTRAINT ledger_audit_seq_counts_from_zero CHECK (seq >= 0),
    CONSTRAINT ledger_audit_failure_whole CHECK ((failure IS NULL) = (failed_at IS NULL))
) STRICT, WITHOUT ROWID;

-- The holds that are open at the last verified row, as the rows add up.
CREATE TABLE hold_audit (
    tenant  TEXT    NOT NULL,
    hold_id TEXT    NOT NULL,
    amount  INTEGER NOT NULL,
    PRIMARY KEY (tenant, hold_id)
) STRICT, WITHOUT ROWID;

-- The rollups at the last verified row, as the events and corrections add up.
CREATE TABLE rollup_audit (
    tenant        TEXT    NOT NULL,
    dimension     TEXT    NOT NULL,
    key           TEXT    NOT NULL,
    day           TEXT    NOT NULL,
    resource_type TEXT    NOT NULL,
    charged       INTEGER NOT NULL,
    events        INTEGER NOT NULL,
    tokens        INTEGER NOT NULL,
    PRIMARY KEY (tenant, dimension, key, day, resource_type)
) STRICT, WITHOUT ROWID;
