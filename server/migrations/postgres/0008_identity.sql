-- What tokens are for, and what principals may do with datasets of others. Tokens and principals from before may do what they
-- could: everything with what is the principal's own.

ALTER TABLE principals ADD COLUMN is_admin BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE principals ADD COLUMN disabled_at TIMESTAMPTZ;
-- Limits of this principal, in place of those of the server.
ALTER TABLE principals ADD COLUMN max_stored_bytes BIGINT CHECK (max_stored_bytes >= 0);
ALTER TABLE principals ADD COLUMN max_open_jobs BIGINT CHECK (max_open_jobs >= 0);

ALTER TABLE tokens ADD COLUMN name TEXT NOT NULL DEFAULT '';
-- Separated by spaces.
ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read upload commit delete admin';
-- Whether the token is for the datasets in token_datasets alone.
ALTER TABLE tokens ADD COLUMN is_restricted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE tokens ADD COLUMN last_used_at TIMESTAMPTZ;

CREATE INDEX tokens_principal ON tokens (principal_id, id);
CREATE INDEX tokens_expires ON tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tokens_revoked ON tokens (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE token_datasets (
    token_id   UUID NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    dataset_id UUID NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    PRIMARY KEY (token_id, dataset_id)
);

CREATE INDEX token_datasets_dataset ON token_datasets (dataset_id);

CREATE TABLE grants (
    dataset_id   UUID NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    principal_id UUID NOT NULL REFERENCES principals (id),
    role         TEXT NOT NULL CHECK (role IN ('reader', 'writer', 'owner')),
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (dataset_id, principal_id)
);

CREATE INDEX grants_principal ON grants (principal_id, dataset_id);
