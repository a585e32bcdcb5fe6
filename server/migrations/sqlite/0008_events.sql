-- What happened: one row for each change, written by triggers in the statement that makes the change, so that neither is
-- without the other, whichever process or release makes it; and one for each refusal that is recorded.

-- Who made the last change of a row that a request made, and in which request: JSON with the ids of the principal and of
-- the token, the token's name, the client's address and the id of the request. A change that leaves `changed_in` alone was
-- made by the service itself, since no two requests have the same id.
ALTER TABLE datasets ADD COLUMN changed_by TEXT;
ALTER TABLE datasets ADD COLUMN changed_in TEXT;
ALTER TABLE jobs ADD COLUMN changed_by TEXT;
ALTER TABLE jobs ADD COLUMN changed_in TEXT;
ALTER TABLE tokens ADD COLUMN changed_by TEXT;
ALTER TABLE tokens ADD COLUMN changed_in TEXT;
-- A grant that a request deletes says so first: with a dataset, its grants go without a request of their own.
ALTER TABLE grants ADD COLUMN changed_by TEXT;
ALTER TABLE grants ADD COLUMN changed_in TEXT;
ALTER TABLE grants ADD COLUMN is_ending BOOLEAN NOT NULL DEFAULT FALSE;
-- Name of the principal whose request led to the version.
ALTER TABLE versions ADD COLUMN committed_by TEXT;

-- Without references: events outlive what they are about. One connection writes at a time, so that ids are in the order of
-- the commits; AUTOINCREMENT gives none a second time.
CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    time       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    type       TEXT NOT NULL,
    dataset_id BLOB,
    job_id     BLOB,
    version    BIGINT,
    -- The principal's name as of then; none where the service itself made the change.
    principal  TEXT,
    request    TEXT,
    old_value  TEXT,
    new_value  TEXT,
    -- Why it was refused; none where it was done.
    refusal    TEXT
);

CREATE INDEX events_dataset ON events (dataset_id, id) WHERE dataset_id IS NOT NULL;
CREATE INDEX events_job ON events (job_id, id) WHERE job_id IS NOT NULL;
CREATE INDEX events_principal ON events (principal, id) WHERE principal IS NOT NULL;
CREATE INDEX events_type ON events (type, id);

CREATE TRIGGER datasets_inserted_logged AFTER INSERT ON datasets BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('dataset.created', NEW.id, NEW.changed_by, NEW.changed_in, json_object('name', NEW.name));
END;
CREATE TRIGGER datasets_deleted_logged AFTER DELETE ON datasets BEGIN
    INSERT INTO events (type, dataset_id, old_value)
        VALUES ('dataset.removed', OLD.id, json_object('name', OLD.name));
END;
CREATE TRIGGER datasets_renamed_logged AFTER UPDATE OF name ON datasets WHEN NEW.name <> OLD.name BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value, new_value)
        SELECT 'dataset.renamed', NEW.id, iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL),
               json_object('name', OLD.name), json_object('name', NEW.name)
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;
CREATE TRIGGER datasets_policy_logged AFTER UPDATE OF policy ON datasets WHEN NEW.policy IS NOT OLD.policy BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value, new_value)
        SELECT 'dataset.policy_changed', NEW.id, iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL),
               json_object('policy', json(OLD.policy)), json_object('policy', json(NEW.policy))
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;
CREATE TRIGGER datasets_gone_logged AFTER UPDATE OF deleted_at ON datasets
    WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value)
        SELECT 'dataset.deleted', NEW.id, iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL),
               json_object('name', OLD.name, 'current_version', OLD.current_version)
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;
CREATE TRIGGER datasets_undeleted_logged AFTER UPDATE OF deleted_at ON datasets
    WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        SELECT 'dataset.undeleted', NEW.id, iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL),
               json_object('name', NEW.name, 'current_version', NEW.current_version)
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;
-- A commit makes a new number, a restoration does not.
CREATE TRIGGER datasets_restored_logged AFTER UPDATE OF current_version ON datasets
    WHEN NEW.current_version IS NOT OLD.current_version AND NEW.last_version = OLD.last_version BEGIN
    INSERT INTO events (type, dataset_id, version, principal, request, old_value, new_value)
        SELECT 'version.restored', NEW.id, NEW.current_version,
               iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL),
               json_object('current_version', OLD.current_version), json_object('current_version', NEW.current_version)
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;

CREATE TRIGGER jobs_inserted_logged AFTER INSERT ON jobs BEGIN
    INSERT INTO events (type, dataset_id, job_id, principal, request, new_value)
        VALUES ('job.created', NEW.dataset_id, NEW.id, NEW.changed_by, NEW.changed_in,
                json_object('status', NEW.status, 'file_size', NEW.file_size, 'base_version', NEW.base_version));
END;
-- An error with many details is left to the job.
CREATE TRIGGER jobs_changed_logged AFTER UPDATE OF status ON jobs WHEN NEW.status <> OLD.status BEGIN
    INSERT INTO events (type, dataset_id, job_id, version, principal, request, old_value, new_value)
        SELECT 'job.' || NEW.status, NEW.dataset_id, NEW.id, NEW.version,
               iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL),
               json_object('status', OLD.status),
               iif(length(NEW.error) <= 2000, json_object('status', NEW.status, 'error', json(NEW.error)),
                   json_object('status', NEW.status))
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;

CREATE TRIGGER versions_inserted_logged AFTER INSERT ON versions BEGIN
    INSERT INTO events (type, dataset_id, job_id, version, principal, request, new_value)
        VALUES ('version.committed', NEW.dataset_id, NEW.job_id, NEW.version, NEW.committed_by,
                (SELECT j.changed_in FROM jobs j WHERE j.id = NEW.job_id),
                json_object('file_size', NEW.file_size, 'row_count', NEW.row_count, 'etag', NEW.etag));
END;
CREATE TRIGGER versions_retired_logged AFTER UPDATE OF retired_at ON versions
    WHEN OLD.retired_at IS NULL AND NEW.retired_at IS NOT NULL BEGIN
    INSERT INTO events (type, dataset_id, job_id, version)
        VALUES ('version.retired', NEW.dataset_id, NEW.job_id, NEW.version);
END;
CREATE TRIGGER versions_deleted_logged AFTER DELETE ON versions BEGIN
    INSERT INTO events (type, dataset_id, job_id, version, old_value)
        VALUES ('version.removed', OLD.dataset_id, OLD.job_id, OLD.version,
                json_object('file_size', OLD.file_size, 'etag', OLD.etag));
END;

CREATE TRIGGER tokens_inserted_logged AFTER INSERT ON tokens BEGIN
    INSERT INTO events (type, principal, request, new_value)
        VALUES ('token.created', NEW.changed_by, NEW.changed_in, json_object(
            'token_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'name', NEW.name, 'scopes', NEW.scopes,
            'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id)));
END;
CREATE TRIGGER tokens_revoked_logged AFTER UPDATE OF revoked_at ON tokens
    WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL BEGIN
    INSERT INTO events (type, principal, request, old_value)
        SELECT 'token.revoked', iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL), json_object(
            'token_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'name', NEW.name, 'scopes', NEW.scopes,
            'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id))
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;

CREATE TRIGGER grants_inserted_logged AFTER INSERT ON grants BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('grant.put', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id), 'role', NEW.role));
END;
CREATE TRIGGER grants_changed_logged AFTER UPDATE OF role ON grants WHEN NEW.role <> OLD.role BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value, new_value)
        VALUES ('grant.put', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object('role', OLD.role), json_object(
            'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id), 'role', NEW.role));
END;
CREATE TRIGGER grants_deleted_logged AFTER DELETE ON grants BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value)
        VALUES ('grant.deleted', OLD.dataset_id,
            iif(OLD.is_ending, OLD.changed_by, NULL), iif(OLD.is_ending, OLD.changed_in, NULL), json_object(
            'principal', (SELECT p.name FROM principals p WHERE p.id = OLD.principal_id), 'role', OLD.role));
END;

-- Principals are managed on the command line, by an operator, of whom nothing is known.
CREATE TRIGGER principals_inserted_logged AFTER INSERT ON principals BEGIN
    INSERT INTO events (type, new_value) VALUES ('principal.created', json_object(
        'principal_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
        'name', NEW.name, 'is_admin', json(iif(NEW.is_admin, 'true', 'false')),
        'disabled', json(iif(NEW.disabled_at IS NOT NULL, 'true', 'false')),
        'max_stored_bytes', NEW.max_stored_bytes, 'max_open_jobs', NEW.max_open_jobs));
END;
CREATE TRIGGER principals_changed_logged
    AFTER UPDATE OF name, is_admin, disabled_at, max_stored_bytes, max_open_jobs ON principals
    WHEN NEW.name <> OLD.name OR NEW.is_admin <> OLD.is_admin
        OR (NEW.disabled_at IS NULL) <> (OLD.disabled_at IS NULL)
        OR NEW.max_stored_bytes IS NOT OLD.max_stored_bytes OR NEW.max_open_jobs IS NOT OLD.max_open_jobs BEGIN
    INSERT INTO events (type, old_value, new_value) VALUES ('principal.changed',
        json_object(
            'principal_id', lower(format('%s-%s-%s-%s-%s', substr(hex(OLD.id), 1, 8), substr(hex(OLD.id), 9, 4), substr(hex(OLD.id), 13, 4), substr(hex(OLD.id), 17, 4), substr(hex(OLD.id), 21))),
            'is_admin', json(iif(OLD.is_admin, 'true', 'false')),
            'disabled', json(iif(OLD.disabled_at IS NOT NULL, 'true', 'false')),
            'max_stored_bytes', OLD.max_stored_bytes, 'max_open_jobs', OLD.max_open_jobs),
        json_object(
            'principal_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'name', NEW.name, 'is_admin', json(iif(NEW.is_admin, 'true', 'false')),
            'disabled', json(iif(NEW.disabled_at IS NOT NULL, 'true', 'false')),
            'max_stored_bytes', NEW.max_stored_bytes, 'max_open_jobs', NEW.max_open_jobs));
END;
