-- Times are RFC 3339 text in UTC, which sorts by time; ids are 16 bytes.

-- Which deployment this database is, so that another one's bucket is left alone.
CREATE TABLE instance (
    only_row INTEGER PRIMARY KEY NOT NULL CHECK (only_row = 1),
    id       BLOB NOT NULL
);

CREATE TABLE principals (
    id         BLOB PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT principals_name UNIQUE (name)
);

CREATE TABLE tokens (
    id           BLOB PRIMARY KEY NOT NULL,
    principal_id BLOB NOT NULL REFERENCES principals (id),
    hash         BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    expires_at   TEXT,
    revoked_at   TEXT,
    CONSTRAINT tokens_hash UNIQUE (hash)
);

CREATE TABLE datasets (
    id              BLOB PRIMARY KEY NOT NULL,
    principal_id    BLOB NOT NULL REFERENCES principals (id),
    name            TEXT NOT NULL,
    current_version BIGINT,
    last_version    BIGINT NOT NULL DEFAULT 0,
    created_at      TEXT NOT NULL,
    updated_at      TEXT NOT NULL,
    deleted_at      TEXT
);

CREATE UNIQUE INDEX datasets_name ON datasets (principal_id, name) WHERE deleted_at IS NULL;
CREATE INDEX datasets_principal ON datasets (principal_id, id);
CREATE INDEX datasets_deleted ON datasets (deleted_at) WHERE deleted_at IS NOT NULL;

-- The filename and the content type are bytes, since text does not hold U+0000 in every database.
CREATE TABLE jobs (
    id           BLOB PRIMARY KEY NOT NULL,
    dataset_id   BLOB NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    principal_id BLOB NOT NULL REFERENCES principals (id),
    status       TEXT NOT NULL CHECK (status IN ('awaiting_upload', 'completing', 'inspecting', 'ready',
                                                 'committed', 'failed', 'cancelled', 'expired')),
    filename     BLOB NOT NULL,
    content_type BLOB NOT NULL,
    file_size    BIGINT NOT NULL CHECK (file_size > 0),
    part_size    BIGINT NOT NULL CHECK (part_size > 0),
    s3_key       TEXT NOT NULL,
    upload_id    TEXT,
    etag         TEXT,
    base_version BIGINT,
    version      BIGINT,
    named_parts  TEXT,
    asked_at     TEXT,
    attempt      BIGINT NOT NULL DEFAULT 0,
    deaths       BIGINT NOT NULL DEFAULT 0,
    lease_until  TEXT,
    run_after    TEXT NOT NULL,
    bytes_done   BIGINT NOT NULL DEFAULT 0,
    rows_done    BIGINT,
    error        TEXT,
    created_at   TEXT NOT NULL,
    deadline     TEXT NOT NULL,
    cleaned_at   TEXT
);

CREATE INDEX jobs_dataset ON jobs (dataset_id, id);
CREATE INDEX jobs_principal ON jobs (principal_id, status);
CREATE UNIQUE INDEX jobs_s3_key ON jobs (s3_key);
CREATE INDEX jobs_work ON jobs (run_after) WHERE status IN ('completing', 'inspecting');
CREATE INDEX jobs_deadline ON jobs (status, deadline);
CREATE INDEX jobs_leftover ON jobs (run_after)
    WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL;

CREATE TABLE inspections (
    job_id    BLOB PRIMARY KEY NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    format    TEXT,
    row_count BIGINT,
    columns   TEXT NOT NULL,
    sample    TEXT NOT NULL
);

CREATE TABLE versions (
    dataset_id   BLOB NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    job_id       BLOB NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    filename     BLOB NOT NULL,
    content_type BLOB NOT NULL,
    file_size    BIGINT NOT NULL,
    s3_key       TEXT NOT NULL,
    etag         TEXT NOT NULL,
    row_count    BIGINT,
    columns      TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    retired_at   TEXT,
    PRIMARY KEY (dataset_id, version),
    CONSTRAINT versions_job UNIQUE (job_id)
);
