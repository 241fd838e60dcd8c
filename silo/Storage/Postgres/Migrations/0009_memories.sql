-- A memory and its vector, which is empty until it is made and made anew when the model changes. What the vector
-- was made with stands beside it: vectors of two models are never compared.
CREATE TABLE memory (
    tenant              text        NOT NULL,
    user_id             text        NOT NULL,
    id                  uuid        NOT NULL,
    chat_id             uuid        NOT NULL,
    summary             text        NOT NULL,
    reason              text        NOT NULL,
    message_ids         text        NOT NULL, -- JSON array
    through_ordinal     bigint      NOT NULL, -- the place of the last of its messages
    embedding           bytea,                -- single floats, little-endian, of length 1
    embedding_model     text,
    embedding_dimension bigint,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant, user_id, id),
    FOREIGN KEY (tenant, user_id, chat_id) REFERENCES chat (tenant, user_id, id) ON DELETE CASCADE,
    CONSTRAINT memory_reason_known CHECK (reason IN (
        'user_created', 'completed_discussion', 'topic_change', 'length_threshold', 'time_threshold')),
    CONSTRAINT memory_embedding_whole CHECK (
        (embedding IS NULL) = (embedding_model IS NULL) AND (embedding IS NULL) = (embedding_dimension IS NULL)),
    CONSTRAINT memory_embedding_length CHECK (length(embedding) = 4 * embedding_dimension)
);

-- A vector of floats does not become smaller by compression.
ALTER TABLE memory ALTER COLUMN embedding SET STORAGE EXTERNAL;

CREATE INDEX memory_listing ON memory (tenant, user_id, chat_id, created_at, id);
CREATE INDEX memory_through ON memory (tenant, user_id, chat_id, through_ordinal);
CREATE INDEX memory_space ON memory (tenant, user_id, embedding_model, embedding_dimension);
