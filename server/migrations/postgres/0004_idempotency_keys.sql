-- The keys of requests that created something, kept for a day: a request that is sent again creates nothing again.
CREATE TABLE idempotency_keys (
    principal_id UUID NOT NULL REFERENCES principals (id),
    key          TEXT NOT NULL,
    -- SHA-256 of the operation, the resource in its path, and the body.
    fingerprint  BYTEA NOT NULL,
    -- The dataset or the job; it may be gone by now.
    created_id   UUID NOT NULL,
    used_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (principal_id, key)
);

CREATE INDEX idempotency_keys_used ON idempotency_keys (used_at);
