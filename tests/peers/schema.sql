-- What a peer keeps: as much of Restow's tables as its operations need.
CREATE TABLE tokens (
    hash BYTEA PRIMARY KEY,
    principal_id UUID NOT NULL
);
CREATE TABLE datasets (
    id UUID PRIMARY KEY,
    principal_id UUID NOT NULL,
    name TEXT NOT NULL,
    current_version BIGINT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE TABLE jobs (
    id UUID PRIMARY KEY,
    dataset_id UUID NOT NULL REFERENCES datasets (id),
    status TEXT NOT NULL,
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    part_size BIGINT,
    s3_key TEXT NOT NULL,
    upload_id TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX jobs_of_dataset ON jobs (dataset_id);
