CREATE TABLE chat (
    tenant               text        NOT NULL,
    user_id              text        NOT NULL,
    id                   uuid        NOT NULL,
    name                 text,
    name_folded          text, -- in lower case, folded by the program: the engines fold differently
    auto_rename          boolean     NOT NULL,
    model_id             text        NOT NULL,
    tier                 text        NOT NULL,
    instructions         text,
    web                  boolean     NOT NULL,
    help_center          boolean     NOT NULL,
    magic_report         boolean     NOT NULL,
    pinned               boolean     NOT NULL,
    directory            text,
    output_size          text        NOT NULL,
    owner_assistant_id   text,
    primary_assistant_id text,
    assistant_ids        text        NOT NULL, -- JSON arrays
    dataset_ids          text        NOT NULL,
    library_ids          text        NOT NULL,
    entity_type          text,
    entity_id            text,
    next_ordinal         bigint      NOT NULL,
    turn_id              uuid,
    turn_answer          uuid,
    turn_ordinal         bigint,
    turn_model_id        text,
    turn_continues       text,
    turn_started_at      timestamptz,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    PRIMARY KEY (tenant, user_id, id),
    CONSTRAINT chat_ordinal_not_negative CHECK (next_ordinal >= 0),
    CONSTRAINT chat_entity_whole CHECK ((entity_type IS NULL) = (entity_id IS NULL)),
    CONSTRAINT chat_turn_whole CHECK (
        (turn_id IS NULL) = (turn_answer IS NULL) AND (turn_id IS NULL) = (turn_ordinal IS NULL)
        AND (turn_id IS NULL) = (turn_model_id IS NULL) AND (turn_id IS NULL) = (turn_started_at IS NULL)
        AND (turn_id IS NOT NULL OR turn_continues IS NULL))
);

CREATE INDEX chat_listing ON chat (tenant, user_id, pinned DESC, updated_at DESC, id DESC);

-- JSON stands in text columns: the engine's own type would change its bytes or refuse some of them.
CREATE TABLE message (
    tenant     text        NOT NULL,
    user_id    text        NOT NULL,
    chat_id    uuid        NOT NULL,
    ordinal    bigint      NOT NULL,
    id         uuid        NOT NULL,
    client_id  text,
    role       text        NOT NULL,
    parts      text        NOT NULL, -- JSON array of UI message parts
    metadata   text,                 -- JSON, on an answer
    feedback   text,
    tokens     bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, user_id, chat_id, ordinal),
    FOREIGN KEY (tenant, user_id, chat_id) REFERENCES chat (tenant, user_id, id) ON DELETE CASCADE,
    CONSTRAINT message_role_known CHECK (role IN ('user', 'assistant', 'system')),
    CONSTRAINT message_feedback_known CHECK (feedback IN ('up', 'down')),
    CONSTRAINT message_tokens_not_negative CHECK (tokens >= 0)
);

CREATE UNIQUE INDEX message_one_id ON message (tenant, user_id, chat_id, id);
CREATE INDEX message_client_id ON message (tenant, user_id, chat_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE turn_checkpoint (
    tenant                   text        NOT NULL,
    hold_id                  uuid        NOT NULL,
    chat_id                  uuid,
    parts                    text        NOT NULL,
    input_tokens             bigint      NOT NULL,
    output_tokens            bigint      NOT NULL,
    cache_read_tokens        bigint      NOT NULL,
    cache_write_short_tokens bigint      NOT NULL,
    cache_write_long_tokens  bigint      NOT NULL,
    reasoning_tokens         bigint      NOT NULL,
    images                   bigint      NOT NULL,
    cost                     bigint      NOT NULL,
    at                       timestamptz NOT NULL DEFAULT clock_timestamp(), -- the clock that a hold's age is told by
    PRIMARY KEY (tenant, hold_id),
    CONSTRAINT turn_checkpoint_cost_not_negative CHECK (cost >= 0)
);

CREATE INDEX turn_checkpoint_chat ON turn_checkpoint (tenant, chat_id) WHERE chat_id IS NOT NULL;
