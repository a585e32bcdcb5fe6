-- What happened: one row for each change, written by triggers in the statement that makes the change, so that neither is
-- without the other, whichever process or release makes it; and one for each refusal that is recorded.

-- Who made the last change of a row that a request made, and in which request: JSON with the ids of the principal and of
-- the token, the token's name, the client's address and the id of the request. A change that leaves `changed_in` alone was
-- made by the service itself, since no two requests have the same id.
ALTER TABLE datasets ADD COLUMN changed_by TEXT, ADD COLUMN changed_in TEXT;
ALTER TABLE jobs ADD COLUMN changed_by TEXT, ADD COLUMN changed_in TEXT;
ALTER TABLE tokens ADD COLUMN changed_by TEXT, ADD COLUMN changed_in TEXT;
-- A grant that a request deletes says so first: with a dataset, its grants go without a request of their own.
ALTER TABLE grants ADD COLUMN changed_by TEXT, ADD COLUMN changed_in TEXT,
    ADD COLUMN is_ending BOOLEAN NOT NULL DEFAULT FALSE;
-- Name of the principal whose request led to the version.
ALTER TABLE versions ADD COLUMN committed_by TEXT;

-- Without references: events outlive what they are about.
CREATE TABLE events (
    id         BIGINT PRIMARY KEY NOT NULL,
    time       TIMESTAMPTZ NOT NULL,
    type       TEXT NOT NULL,
    dataset_id UUID,
    job_id     UUID,
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

-- From here on, `last_value` is the last number that was given to an event.
CREATE SEQUENCE events_id;
SELECT setval('events_id', 1);

-- Ids are given before the transactions commit, and these commit in another order. A reader that remembers the last id
-- that it has seen would miss those that come late. So a transaction holds a lock that names the last id before its first
-- one, and readers in order stop there (`settled_events`). The lock is shared, so that no transaction waits for it.
CREATE FUNCTION write_event(
    p_type TEXT, p_dataset_id UUID, p_job_id UUID, p_version BIGINT,
    p_principal TEXT, p_request TEXT, p_old_value TEXT, p_new_value TEXT, p_refusal TEXT
) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    -- One lock for each transaction: a statement may change many rows.
    IF current_setting('restow.writes_events', true) IS DISTINCT FROM 'on' THEN
        PERFORM pg_advisory_xact_lock_shared(1380275031, (SELECT (s.last_value % 2147483648)::INTEGER FROM events_id s));
        PERFORM set_config('restow.writes_events', 'on', true);
    END IF;
    INSERT INTO events (id, time, type, dataset_id, job_id, version, principal, request, old_value, new_value, refusal)
        VALUES (nextval('events_id'), clock_timestamp(), p_type, p_dataset_id, p_job_id, p_version,
                p_principal, p_request, p_old_value, p_new_value, p_refusal);
END $$;

-- Up to which id no event is still to come: a row with this id or a smaller one that a later statement does not see will
-- never be there. What is read first is the last id, then who is still writing: a transaction that has ended in between is
-- seen by later statements.
CREATE FUNCTION settled_events() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    last   BIGINT;
    behind BIGINT;
BEGIN
    SELECT s.last_value INTO last FROM events_id s;
    -- Locks hold 31 bits of the id. One that seems to be very far behind has begun since, and is ahead.
    SELECT COALESCE(max(d.distance), 0) INTO behind FROM
        (SELECT ((last - l.objid::BIGINT) % 2147483648 + 2147483648) % 2147483648 AS distance FROM pg_locks l
         WHERE l.locktype = 'advisory' AND l.classid = 1380275031 AND l.objsubid = 2
         AND l.database = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())) d
        WHERE d.distance < 1073741824;
    RETURN last - behind;
END $$;

CREATE FUNCTION log_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor   TEXT;
    request TEXT;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM write_event('dataset.removed', OLD.id, NULL, NULL, NULL, NULL,
                            json_build_object('name', OLD.name)::TEXT, NULL, NULL);
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event('dataset.created', NEW.id, NULL, NULL, NEW.changed_by, NEW.changed_in,
                            NULL, json_build_object('name', NEW.name)::TEXT, NULL);
        RETURN NULL;
    END IF;
    IF NEW.changed_in IS DISTINCT FROM OLD.changed_in THEN
        actor := NEW.changed_by;
        request := NEW.changed_in;
    END IF;
    IF NEW.name <> OLD.name THEN
        PERFORM write_event('dataset.renamed', NEW.id, NULL, NULL, actor, request,
                            json_build_object('name', OLD.name)::TEXT, json_build_object('name', NEW.name)::TEXT, NULL);
    END IF;
    IF NEW.policy IS DISTINCT FROM OLD.policy THEN
        PERFORM write_event('dataset.policy_changed', NEW.id, NULL, NULL, actor, request,
                            json_build_object('policy', OLD.policy::JSON)::TEXT,
                            json_build_object('policy', NEW.policy::JSON)::TEXT, NULL);
    END IF;
    IF OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL THEN
        PERFORM write_event('dataset.deleted', NEW.id, NULL, NULL, actor, request,
                            json_build_object('name', OLD.name, 'current_version', OLD.current_version)::TEXT, NULL, NULL);
    ELSIF OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL THEN
        PERFORM write_event('dataset.undeleted', NEW.id, NULL, NULL, actor, request,
                            NULL, json_build_object('name', NEW.name, 'current_version', NEW.current_version)::TEXT, NULL);
    END IF;
    -- A commit makes a new number, a restoration does not.
    IF NEW.current_version IS DISTINCT FROM OLD.current_version AND NEW.last_version = OLD.last_version THEN
        PERFORM write_event('version.restored', NEW.id, NULL, NEW.current_version, actor, request,
                            json_build_object('current_version', OLD.current_version)::TEXT,
                            json_build_object('current_version', NEW.current_version)::TEXT, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER datasets_logged AFTER INSERT OR DELETE ON datasets FOR EACH ROW EXECUTE FUNCTION log_dataset();
CREATE TRIGGER dataset_changes_logged AFTER UPDATE ON datasets FOR EACH ROW
    WHEN (NEW.name <> OLD.name OR NEW.policy IS DISTINCT FROM OLD.policy
          OR (NEW.deleted_at IS NULL) <> (OLD.deleted_at IS NULL)
          OR NEW.current_version IS DISTINCT FROM OLD.current_version AND NEW.last_version = OLD.last_version)
    EXECUTE FUNCTION log_dataset();

-- An error with many details is left to the job.
CREATE FUNCTION log_job() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor   TEXT;
    request TEXT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event('job.created', NEW.dataset_id, NEW.id, NULL, NEW.changed_by, NEW.changed_in, NULL,
                            json_build_object('status', NEW.status, 'file_size', NEW.file_size,
                                              'base_version', NEW.base_version)::TEXT, NULL);
        RETURN NULL;
    END IF;
    IF NEW.changed_in IS DISTINCT FROM OLD.changed_in THEN
        actor := NEW.changed_by;
        request := NEW.changed_in;
    END IF;
    PERFORM write_event('job.' || NEW.status, NEW.dataset_id, NEW.id, NEW.version, actor, request,
                        json_build_object('status', OLD.status)::TEXT,
                        CASE WHEN length(NEW.error) <= 2000
                             THEN json_build_object('status', NEW.status, 'error', NEW.error::JSON)
                             ELSE json_build_object('status', NEW.status) END::TEXT, NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER jobs_logged AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION log_job();
CREATE TRIGGER job_changes_logged AFTER UPDATE ON jobs FOR EACH ROW
    WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION log_job();

CREATE FUNCTION log_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event('version.committed', NEW.dataset_id, NEW.job_id, NEW.version, NEW.committed_by,
                            (SELECT j.changed_in FROM jobs j WHERE j.id = NEW.job_id), NULL,
                            json_build_object('file_size', NEW.file_size, 'row_count', NEW.row_count,
                                              'etag', NEW.etag)::TEXT, NULL);
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM write_event('version.retired', NEW.dataset_id, NEW.job_id, NEW.version, NULL, NULL, NULL, NULL, NULL);
    ELSE
        PERFORM write_event('version.removed', OLD.dataset_id, OLD.job_id, OLD.version, NULL, NULL,
                            json_build_object('file_size', OLD.file_size, 'etag', OLD.etag)::TEXT, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER versions_logged AFTER INSERT OR DELETE ON versions FOR EACH ROW EXECUTE FUNCTION log_version();
CREATE TRIGGER version_changes_logged AFTER UPDATE OF retired_at ON versions FOR EACH ROW
    WHEN (OLD.retired_at IS NULL AND NEW.retired_at IS NOT NULL) EXECUTE FUNCTION log_version();

CREATE FUNCTION log_token() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    described TEXT := json_build_object('token_id', NEW.id, 'name', NEW.name, 'scopes', NEW.scopes,
        'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id))::TEXT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event('token.created', NULL, NULL, NULL, NEW.changed_by, NEW.changed_in, NULL, described, NULL);
    ELSIF NEW.changed_in IS DISTINCT FROM OLD.changed_in THEN
        PERFORM write_event('token.revoked', NULL, NULL, NULL, NEW.changed_by, NEW.changed_in, described, NULL, NULL);
    ELSE
        PERFORM write_event('token.revoked', NULL, NULL, NULL, NULL, NULL, described, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER tokens_logged AFTER INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION log_token();
CREATE TRIGGER token_changes_logged AFTER UPDATE OF revoked_at ON tokens FOR EACH ROW
    WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION log_token();

CREATE FUNCTION log_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM write_event('grant.deleted', OLD.dataset_id, NULL, NULL,
            CASE WHEN OLD.is_ending THEN OLD.changed_by END, CASE WHEN OLD.is_ending THEN OLD.changed_in END,
            json_build_object('principal', (SELECT p.name FROM principals p WHERE p.id = OLD.principal_id),
                              'role', OLD.role)::TEXT, NULL, NULL);
    ELSE
        PERFORM write_event('grant.put', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in,
            CASE WHEN TG_OP = 'UPDATE' THEN json_build_object('role', OLD.role)::TEXT END,
            json_build_object('principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id),
                              'role', NEW.role)::TEXT, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER grants_logged AFTER INSERT OR DELETE ON grants FOR EACH ROW EXECUTE FUNCTION log_grant();
CREATE TRIGGER grant_changes_logged AFTER UPDATE OF role ON grants FOR EACH ROW
    WHEN (NEW.role <> OLD.role) EXECUTE FUNCTION log_grant();

-- Principals are managed on the command line, by an operator, of whom nothing is known.
CREATE FUNCTION log_principal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_event(
        CASE WHEN TG_OP = 'INSERT' THEN 'principal.created' ELSE 'principal.changed' END, NULL, NULL, NULL, NULL, NULL,
        CASE WHEN TG_OP = 'UPDATE' THEN json_build_object(
            'principal_id', OLD.id, 'is_admin', OLD.is_admin, 'disabled', OLD.disabled_at IS NOT NULL,
            'max_stored_bytes', OLD.max_stored_bytes, 'max_open_jobs', OLD.max_open_jobs)::TEXT END,
        json_build_object(
            'principal_id', NEW.id, 'name', NEW.name, 'is_admin', NEW.is_admin,
            'disabled', NEW.disabled_at IS NOT NULL,
            'max_stored_bytes', NEW.max_stored_bytes, 'max_open_jobs', NEW.max_open_jobs)::TEXT, NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER principals_logged AFTER INSERT ON principals FOR EACH ROW EXECUTE FUNCTION log_principal();
CREATE TRIGGER principal_changes_logged
    AFTER UPDATE OF name, is_admin, disabled_at, max_stored_bytes, max_open_jobs ON principals FOR EACH ROW
    WHEN (NEW.name <> OLD.name OR NEW.is_admin <> OLD.is_admin
          OR (NEW.disabled_at IS NULL) <> (OLD.disabled_at IS NULL)
          OR NEW.max_stored_bytes IS DISTINCT FROM OLD.max_stored_bytes
          OR NEW.max_open_jobs IS DISTINCT FROM OLD.max_open_jobs)
    EXECUTE FUNCTION log_principal();

-- The same as before, with who creates the job. A process of the release before does not say that.
DROP FUNCTION create_job(UUID, UUID, UUID, BYTEA, BYTEA, BIGINT, BIGINT, TEXT, TIMESTAMPTZ, TIMESTAMPTZ, BIGINT, BIGINT,
                         TEXT, BYTEA, TIMESTAMPTZ, TIMESTAMPTZ);

CREATE FUNCTION create_job(
    p_id UUID, p_dataset_id UUID, p_principal_id UUID, p_filename BYTEA, p_content_type BYTEA, p_file_size BIGINT,
    p_part_size BIGINT, p_s3_key TEXT, p_created_at TIMESTAMPTZ, p_deadline TIMESTAMPTZ,
    p_max_bytes BIGINT, p_max_open_jobs BIGINT,
    p_key TEXT, p_fingerprint BYTEA, p_used_at TIMESTAMPTZ, p_remembered_since TIMESTAMPTZ,
    p_changed_by TEXT DEFAULT NULL, p_changed_in TEXT DEFAULT NULL,
    OUT o_outcome TEXT, OUT o_job_id UUID, OUT o_used BIGINT
) LANGUAGE plpgsql AS $$
DECLARE
    is_limited   BOOLEAN := p_max_bytes IS NOT NULL OR p_max_open_jobs IS NOT NULL;
    replaced     BIGINT;
    stored       NUMERIC;
    open_jobs    BIGINT;
    open_bytes   NUMERIC;
BEGIN
    -- This commit is not flushed to disk. The later one that records the upload is, and flushes everything before it. If
    -- the database crashes in between, the upload has no job, and the sweep aborts it.
    PERFORM set_config('synchronous_commit', 'off', true);
    -- A deletion of the dataset comes before the job, or after it and cancels it. The dataset is locked before its
    -- principal, as by a commit.
    SELECT d.current_version INTO replaced FROM datasets d
        WHERE d.id = p_dataset_id AND d.principal_id = p_principal_id AND d.deleted_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        o_outcome := 'dataset_gone';
        RETURN;
    END IF;
    IF is_limited THEN
        -- Two requests of one principal come one after the other here, so that neither overlooks the other.
        SELECT p.stored_bytes INTO stored FROM principals p WHERE p.id = p_principal_id FOR NO KEY UPDATE;
        -- A job of the same request counts already.
        SELECT k.created_id, CASE WHEN k.fingerprint = p_fingerprint THEN 'earlier' ELSE 'key_reused' END
            INTO o_job_id, o_outcome FROM idempotency_keys k
            WHERE k.principal_id = p_principal_id AND k.key = p_key AND k.used_at >= p_remembered_since;
        IF FOUND THEN
            RETURN;
        END IF;
        SELECT count(*), COALESCE(sum(j.file_size), 0) INTO open_jobs, open_bytes FROM jobs j
            WHERE j.principal_id = p_principal_id
            AND j.status IN ('awaiting_upload', 'completing', 'inspecting', 'ready', 'rejected');
        IF stored + open_bytes + p_file_size > p_max_bytes THEN
            o_outcome := 'quota_exceeded';
            o_used := stored + open_bytes;
            RETURN;
        END IF;
        IF open_jobs >= p_max_open_jobs THEN
            o_outcome := 'too_many_open_jobs';
            RETURN;
        END IF;
    END IF;
    WHILE p_key IS NOT NULL LOOP
        -- Of two requests at once, the second waits here until the first has committed or failed.
        INSERT INTO idempotency_keys (principal_id, key, fingerprint, created_id, used_at)
            VALUES (p_principal_id, p_key, p_fingerprint, p_id, p_used_at)
            ON CONFLICT (principal_id, key) DO UPDATE
            SET fingerprint = excluded.fingerprint, created_id = excluded.created_id, used_at = excluded.used_at
            WHERE idempotency_keys.used_at < p_remembered_since;
        EXIT WHEN FOUND;
        SELECT k.created_id, CASE WHEN k.fingerprint = p_fingerprint THEN 'earlier' ELSE 'key_reused' END
            INTO o_job_id, o_outcome FROM idempotency_keys k
            WHERE k.principal_id = p_principal_id AND k.key = p_key;
        -- Or it was released in between.
        IF FOUND THEN
            RETURN;
        END IF;
    END LOOP;
    INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, part_size, s3_key,
                      base_version, run_after, created_at, deadline, changed_by, changed_in)
        VALUES (p_id, p_dataset_id, p_principal_id, 'awaiting_upload', p_filename, p_content_type, p_file_size,
                p_part_size, p_s3_key, replaced, p_created_at, p_created_at, p_deadline, p_changed_by, p_changed_in);
    o_outcome := 'created';
    o_job_id := p_id;
END $$;
