-- The same tables as for SQLite, with the types that PostgreSQL has for them.

-- Which deployment this database is, so that another one's bucket is left alone.
CREATE TABLE instance (
    only_row INTEGER PRIMARY KEY NOT NULL CHECK (only_row = 1),
    id       UUID NOT NULL
);

CREATE TABLE principals (
    id         UUID PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT principals_name UNIQUE (name)
);

CREATE TABLE tokens (
    id           UUID PRIMARY KEY NOT NULL,
    principal_id UUID NOT NULL REFERENCES principals (id),
    hash         BYTEA NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ,
    revoked_at   TIMESTAMPTZ,
    CONSTRAINT tokens_hash UNIQUE (hash)
);

CREATE TABLE datasets (
    id              UUID PRIMARY KEY NOT NULL,
    principal_id    UUID NOT NULL REFERENCES principals (id),
    name            TEXT NOT NULL,
    current_version BIGINT,
    last_version    BIGINT NOT NULL DEFAULT 0,
    created_at      TIMESTAMPTZ NOT NULL,
    updated_at      TIMESTAMPTZ NOT NULL,
    deleted_at      TIMESTAMPTZ
);

CREATE UNIQUE INDEX datasets_name ON datasets (principal_id, name) WHERE deleted_at IS NULL;
CREATE INDEX datasets_principal ON datasets (principal_id, id);
CREATE INDEX datasets_deleted ON datasets (deleted_at) WHERE deleted_at IS NOT NULL;

-- The filename and the content type are bytes, since text does not hold U+0000 in every database.
CREATE TABLE jobs (
    id           UUID PRIMARY KEY NOT NULL,
    dataset_id   UUID NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    principal_id UUID NOT NULL REFERENCES principals (id),
    status       TEXT NOT NULL CHECK (status IN ('awaiting_upload', 'completing', 'inspecting', 'ready',
                                                 'committed', 'failed', 'cancelled', 'expired')),
    filename     BYTEA NOT NULL,
    content_type BYTEA NOT NULL,
    file_size    BIGINT NOT NULL CHECK (file_size > 0),
    part_size    BIGINT NOT NULL CHECK (part_size > 0),
    s3_key       TEXT NOT NULL,
    upload_id    TEXT,
    etag         TEXT,
    base_version BIGINT,
    version      BIGINT,
    named_parts  TEXT,
    asked_at     TIMESTAMPTZ,
    attempt      BIGINT NOT NULL DEFAULT 0,
    deaths       BIGINT NOT NULL DEFAULT 0,
    lease_until  TIMESTAMPTZ,
    run_after    TIMESTAMPTZ NOT NULL,
    bytes_done   BIGINT NOT NULL DEFAULT 0,
    rows_done    BIGINT,
    error        TEXT,
    created_at   TIMESTAMPTZ NOT NULL,
    deadline     TIMESTAMPTZ NOT NULL,
    cleaned_at   TIMESTAMPTZ
);

CREATE INDEX jobs_dataset ON jobs (dataset_id, id);
CREATE INDEX jobs_principal ON jobs (principal_id, status);
CREATE UNIQUE INDEX jobs_s3_key ON jobs (s3_key);
CREATE INDEX jobs_work ON jobs (run_after) WHERE status IN ('completing', 'inspecting');
CREATE INDEX jobs_deadline ON jobs (status, deadline);
CREATE INDEX jobs_leftover ON jobs (run_after)
    WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL;

CREATE TABLE inspections (
    job_id    UUID PRIMARY KEY NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    format    TEXT,
    row_count BIGINT,
    columns   TEXT NOT NULL,
    sample    TEXT NOT NULL
);

CREATE TABLE versions (
    dataset_id   UUID NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    job_id       UUID NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    filename     BYTEA NOT NULL,
    content_type BYTEA NOT NULL,
    file_size    BIGINT NOT NULL,
    s3_key       TEXT NOT NULL,
    etag         TEXT NOT NULL,
    row_count    BIGINT,
    columns      TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    retired_at   TIMESTAMPTZ,
    PRIMARY KEY (dataset_id, version),
    CONSTRAINT versions_job UNIQUE (job_id)
);
