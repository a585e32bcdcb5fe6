-- Which CI jobs may publish to a dataset without a stored secret.
CREATE TABLE trust_rules (
    id                  BLOB NOT NULL PRIMARY KEY,
    dataset_id          BLOB NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    -- URL of the issuer, as in the tokens.
    issuer              TEXT NOT NULL,
    repository          TEXT NOT NULL,
    -- What follows does not matter where it is null.
    repository_owner_id TEXT,
    workflow            TEXT,
    branch              TEXT,
    environment         TEXT,
    created_at          TEXT NOT NULL,
    last_used_at        TEXT
);

CREATE INDEX trust_rules_dataset ON trust_rules (dataset_id, id);
CREATE INDEX trust_rules_match ON trust_rules (dataset_id, issuer, repository);

-- Tokens of CI jobs that were exchanged: none is exchanged twice. Kept until they expire.
CREATE TABLE exchanged_ci_tokens (
    issuer     TEXT NOT NULL,
    -- SHA-256 of the token's `jti`.
    jti_hash   BLOB NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (issuer, jti_hash)
);

CREATE INDEX exchanged_ci_tokens_expires ON exchanged_ci_tokens (expires_at);

-- The rule by which a token was issued; the rule may be gone by now.
ALTER TABLE tokens ADD COLUMN trust_rule_id BLOB;

CREATE INDEX tokens_trust_rule ON tokens (trust_rule_id) WHERE trust_rule_id IS NOT NULL;
