CREATE TABLE chat (
    tenant               TEXT    NOT NULL,
    user_id              TEXT    NOT NULL,
    id                   TEXT    NOT NULL,
    name                 TEXT,
    name_folded          TEXT, -- in lower case, folded by the program: the engines fold differently
    auto_rename          INTEGER NOT NULL,
    model_id             TEXT    NOT NULL,
    tier                 TEXT    NOT NULL,
    instructions         TEXT,
    web                  INTEGER NOT NULL,
    help_center          INTEGER NOT NULL,
    magic_report         INTEGER NOT NULL,
    pinned               INTEGER NOT NULL,
    directory            TEXT,
    output_size          TEXT    NOT NULL,
    owner_assistant_id   TEXT,
    primary_assistant_id TEXT,
    assistant_ids        TEXT    NOT NULL, -- JSON arrays
    dataset_ids          TEXT    NOT NULL,
    library_ids          TEXT    NOT NULL,
    entity_type          TEXT,
    entity_id            TEXT,
    next_ordinal         INTEGER NOT NULL,
    turn_id              TEXT,
    turn_answer          TEXT,
    turn_ordinal         INTEGER,
    turn_model_id        TEXT,
    turn_continues       TEXT,
    turn_started_at      INTEGER,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id, id),
    CONSTRAINT chat_ordinal_not_negative CHECK (next_ordinal >= 0),
    CONSTRAINT chat_entity_whole CHECK ((entity_type IS NULL) = (entity_id IS NULL)),
    CONSTRAINT chat_turn_whole CHECK (
        (turn_id IS NULL) = (turn_answer IS NULL) AND (turn_id IS NULL) = (turn_ordinal IS NULL)
        AND (turn_id IS NULL) = (turn_model_id IS NULL) AND (turn_id IS NULL) = (turn_started_at IS NULL)
        AND (turn_id IS NOT NULL OR turn_continues IS NULL))
) STRICT;

CREATE INDEX chat_listing ON chat (tenant, user_id, pinned DESC, updated_at DESC, id DESC);

CREATE TABLE message (
    tenant     TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,
    chat_id    TEXT    NOT NULL,
    ordinal    INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    client_id  TEXT,
    role       TEXT    NOT NULL,
    parts      TEXT    NOT NULL, -- JSON array of UI message parts
    metadata   TEXT,             -- JSON, on an answer
    feedback   TEXT,
    tokens     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id, chat_id, ordinal),
    FOREIGN KEY (tenant, user_id, chat_id) REFERENCES chat (tenant, user_id, id) ON DELETE CASCADE,
    CONSTRAINT message_role_known CHECK (role IN ('user', 'assistant', 'system')),
    CONSTRAINT message_feedback_known CHECK (feedback IN ('up', 'down')),
    CONSTRAINT message_tokens_not_negative CHECK (tokens >= 0)
) STRICT;

CREATE UNIQUE INDEX message_one_id ON message (tenant, user_id, chat_id, id);
CREATE INDEX message_client_id ON message (tenant, user_id, chat_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE turn_checkpoint (
    tenant                   TEXT    NOT NULL,
    hold_id                  TEXT    NOT NULL,
    chat_id                  TEXT,
    parts                    TEXT    NOT NULL,
    input_tokens             INTEGER NOT NULL,
    output_tokens            INTEGER NOT NULL,
    cache_read_tokens        INTEGER NOT NULL,
    cache_write_short_tokens INTEGER NOT NULL,
    cache_write_long_tokens  INTEGER NOT NULL,
    reasoning_tokens         INTEGER NOT NULL,
    images                   INTEGER NOT NULL,
    cost                     INTEGER NOT NULL,
    at                       INTEGER NOT NULL,
    PRIMARY KEY (tenant, hold_id),
    CONSTRAINT turn_checkpoint_cost_not_negative CHECK (cost >= 0)
) STRICT;

CREATE INDEX turn_checkpoint_chat ON turn_checkpoint (tenant, chat_id) WHERE chat_id IS NOT NULL;
