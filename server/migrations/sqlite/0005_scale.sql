-- A gap in service that is still being added to the deadlines, in steps: its length, when it was noted, and the last job
-- and the last deleted dataset that have it.
ALTER TABLE instance ADD COLUMN gap_milliseconds BIGINT;
ALTER TABLE instance ADD COLUMN gap_noted_at TEXT;
ALTER TABLE instance ADD COLUMN gap_job_id BLOB;
ALTER TABLE instance ADD COLUMN gap_dataset_id BLOB;

CREATE INDEX jobs_open ON jobs (id) WHERE status NOT IN ('committed', 'failed', 'cancelled', 'expired');
-- What a principal's open jobs take of its quota.
CREATE INDEX jobs_open_principal ON jobs (principal_id, file_size)
    WHERE status NOT IN ('committed', 'failed', 'cancelled', 'expired');
CREATE INDEX datasets_deleted_id ON datasets (id) WHERE deleted_at IS NOT NULL;
