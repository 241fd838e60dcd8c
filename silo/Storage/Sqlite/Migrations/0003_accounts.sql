CREATE TABLE tenant (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    ai_enabled INTEGER NOT NULL,
    disabled   INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    CONSTRAINT tenant_booleans CHECK (ai_enabled IN (0, 1) AND disabled IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE app_user (
    tenant        TEXT    NOT NULL REFERENCES tenant (id),
    id            TEXT    NOT NULL,
    username      TEXT    NOT NULL,
    display_name  TEXT    NOT NULL,
    email         TEXT,
    password_hash TEXT,
    permissions   TEXT    NOT NULL, -- JSON array of names
    ai_credential INTEGER NOT NULL,
    disabled      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT app_user_booleans CHECK (ai_credential IN (0, 1) AND disabled IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX app_user_one_username ON app_user (tenant, username);

CREATE TABLE api_token (
    id          TEXT    NOT NULL PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    secret_hash BLOB    NOT NULL,
    expires_at  INTEGER,
    created_at  INTEGER NOT NULL,
    FOREIGN KEY (tenant, user_id) REFERENCES app_user (tenant, id),
    CONSTRAINT api_token_hash_is_sha256 CHECK (length(secret_hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE INDEX api_token_owner ON api_token (tenant, user_id);
