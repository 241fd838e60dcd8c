CREATE TABLE tenant (
    id         text        NOT NULL PRIMARY KEY,
    name       text        NOT NULL,
    ai_enabled boolean     NOT NULL,
    disabled   boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);

CREATE TABLE app_user (
    tenant        text        NOT NULL REFERENCES tenant (id),
    id            text        NOT NULL,
    username      text        NOT NULL,
    display_name  text        NOT NULL,
    email         text,
    password_hash text,
    permissions   text        NOT NULL, -- JSON array of names
    ai_credential boolean     NOT NULL,
    disabled      boolean     NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE UNIQUE INDEX app_user_one_username ON app_user (tenant, username);

CREATE TABLE api_token (
    id          text        NOT NULL PRIMARY KEY,
    tenant      text        NOT NULL,
    user_id     text        NOT NULL,
    name        text        NOT NULL,
    secret_hash bytea       NOT NULL,
    expires_at  timestamptz,
    created_at  timestamptz NOT NULL,
    FOREIGN KEY (tenant, user_id) REFERENCES app_user (tenant, id),
    CONSTRAINT api_token_hash_is_sha256 CHECK (length(secret_hash) = 32)
);

CREATE INDEX api_token_owner ON api_token (tenant, user_id);
