-- A second book of each ledger, written by its verification alone. One row a tenant: the last row that was
-- verified and the sums up to it; what the last verification found wrong; how many were recorded, so that one
-- that was overtaken by another is not.
CREATE TABLE ledger_audit (
    tenant     text        NOT NULL PRIMARY KEY,
    seq        bigint      NOT NULL,
    granted    bigint      NOT NULL,
    held       bigint      NOT NULL,
    settled    bigint      NOT NULL,
    passes     bigint      NOT NULL,
    failure    text,
    failed_at  timestamptz, -- since when
    checked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_audit_seq_counts_from_zero CHECK (seq >= 0),
    CONSTRAINT ledger_audit_failure_whole CHECK ((failure IS NULL) = (failed_at IS NULL))
);

-- The holds that are open at the last verified row, as the rows add up.
CREATE TABLE hold_audit (
    tenant  text   NOT NULL,
    hold_id uuid   NOT NULL,
    amount  bigint NOT NULL,
    PRIMARY KEY (tenant, hold_id)
);

-- The rollups at the last verified row, as the events and corrections add up.
CREATE TABLE rollup_audit (
    tenant        text   NOT NULL,
    dimension     text   NOT NULL,
    key           text   NOT NULL,
    day           date   NOT NULL,
    resource_type text   NOT NULL,
    charged       bigint NOT NULL,
    events        bigint NOT NULL,
    tokens        bigint NOT NULL,
    PRIMARY KEY (tenant, dimension, key, day, resource_type)
);
