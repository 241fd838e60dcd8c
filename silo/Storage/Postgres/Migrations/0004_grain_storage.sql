-- A cleared state keeps its row and its version: a writer that still holds the old version is refused.
CREATE TABLE grain_state (
    name     text   NOT NULL,
    grain_id text   NOT NULL,
    version  bigint NOT NULL,
    payload  bytea,
    PRIMARY KEY (name, grain_id),
    CONSTRAINT grain_state_version_counts_from_one CHECK (version >= 1)
);
