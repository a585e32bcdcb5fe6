-- Records the uploads of several jobs, each of which has none yet and waits for one, and returns the ids of these jobs. One by
-- one, so that each is found by its id, however few rows the planner believes there to be.
CREATE FUNCTION record_uploads(p_ids UUID[], p_upload_ids TEXT[]) RETURNS UUID[] LANGUAGE plpgsql AS $$
DECLARE
    recorded UUID[] := '{}';
BEGIN
    FOR i IN 1 .. cardinality(p_ids) LOOP
        UPDATE jobs SET upload_id = p_upload_ids[i]
            WHERE id = p_ids[i] AND upload_id IS NULL AND status || '' = 'awaiting_upload';
        IF FOUND THEN
            recorded := recorded || p_ids[i];
        END IF;
    END LOOP;
    RETURN recorded;
END $$;

-- The same as before, in a language that keeps its plan: it is called for every change.
CREATE OR REPLACE FUNCTION last_event_id() RETURNS BIGINT LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$ BEGIN RETURN (SELECT s.last_value FROM events_id s); END $$;

-- The same as before, but that the dataset is found by its id, and not by reading all datasets of its owner: `deleted_at IS NULL`
-- is the condition of an index, which seems to be empty when the plan is made.
CREATE OR REPLACE FUNCTION create_job(
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
        WHERE d.id = p_dataset_id AND d.principal_id = p_principal_id
        AND CASE WHEN d.deleted_at IS NULL THEN TRUE END FOR SHARE;
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
