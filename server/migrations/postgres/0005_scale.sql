-- A gap in service that is still being added to the deadlines, in steps: its length, when it was noted, and the last job
-- and the last deleted dataset that have it.
ALTER TABLE instance
    ADD COLUMN gap_milliseconds BIGINT,
    ADD COLUMN gap_noted_at     TIMESTAMPTZ,
    ADD COLUMN gap_job_id       UUID,
    ADD COLUMN gap_dataset_id   UUID;

CREATE INDEX jobs_open ON jobs (id) WHERE status NOT IN ('committed', 'failed', 'cancelled', 'expired');
-- What a principal's open jobs take of its quota.
CREATE INDEX jobs_open_principal ON jobs (principal_id) INCLUDE (file_size)
    WHERE status NOT IN ('committed', 'failed', 'cancelled', 'expired');
CREATE INDEX datasets_deleted_id ON datasets (id) WHERE deleted_at IS NOT NULL;

-- Once for each statement: a row of `datasets` that is updated for each of a hundred versions has as many dead copies, in
-- as many indexes.
CREATE FUNCTION count_retired_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasets SET live_versions = live_versions - retired.versions
        FROM (SELECT n.dataset_id, count(*) AS versions FROM new_versions n JOIN old_versions o
                  ON o.dataset_id = n.dataset_id AND o.version = n.version
              WHERE o.retired_at IS NULL AND n.retired_at IS NOT NULL GROUP BY n.dataset_id) retired
        WHERE datasets.id = retired.dataset_id;
    RETURN NULL;
END $$;

DROP TRIGGER versions_retired_counted ON versions;
CREATE TRIGGER versions_retired_counted AFTER UPDATE ON versions
    REFERENCING OLD TABLE AS old_versions NEW TABLE AS new_versions
    FOR EACH STATEMENT EXECUTE FUNCTION count_retired_versions();
