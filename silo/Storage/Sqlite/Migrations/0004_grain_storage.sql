-- A cleared state keeps its row and its version: a writer that still holds the old version is refused.
CREATE TABLE grain_state (
    name     TEXT    NOT NULL,
    grain_id TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    payload  BLOB,
    PRIMARY KEY (name, grain_id),
    CONSTRAINT grain_state_version_counts_from_one CHECK (version >= 1)
) STRICT;
