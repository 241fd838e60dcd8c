-- A memory and its vector, which is empty until it is made and made anew when the model changes. What the vector
-- was made with stands beside it: vectors of two models are never compared.
CREATE TABLE memory (
    tenant              TEXT    NOT NULL,
    user_id             TEXT    NOT NULL,
    id                  TEXT    NOT NULL,
    chat_id             TEXT    NOT NULL,
    summary             TEXT    NOT NULL,
    reason              TEXT    NOT NULL,
    message_ids         TEXT    NOT NULL, -- JSON array
    through_ordinal     INTEGER NOT NULL, -- the place of the last of its messages
    embedding           BLOB,             -- single floats, little-endian, of length 1
    embedding_model     TEXT,
    embedding_dimension INTEGER,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id, id),
    FOREIGN KEY (tenant, user_id, chat_id) REFERENCES chat (tenant, user_id, id) ON DELETE CASCADE,
    CONSTRAINT memory_reason_known CHECK (reason IN (
        'user_created', 'completed_discussion', 'topic_change', 'length_threshold', 'time_threshold')),
    CONSTRAINT memory_embedding_whole CHECK (
        (embedding IS NULL) = (embedding_model IS NULL) AND (embedding IS NULL) = (embedding_dimension IS NULL)),
    CONSTRAINT memory_embedding_length CHECK (length(embedding) = 4 * embedding_dimension)
) STRICT;

CREATE INDEX memory_listing ON memory (tenant, user_id, chat_id, created_at, id);
CREATE INDEX memory_through ON memory (tenant, user_id, chat_id, through_ordinal);
CREATE INDEX memory_space ON memory (tenant, user_id, embedding_model, embedding_dimension);
