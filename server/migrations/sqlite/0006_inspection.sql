-- Jobs can be `rejected`. A check cannot be changed, so that the column is replaced by one with another check, which
-- copies the rows, but leaves those that refer to them alone; the indexes that mention the column go and come back.
DROP INDEX jobs_deadline;
DROP INDEX jobs_leftover;
DROP INDEX jobs_dataset_status;
DROP INDEX jobs_completing;
DROP INDEX jobs_inspecting;
DROP INDEX jobs_inspecting_principal;
DROP INDEX jobs_status;
DROP INDEX jobs_principal_status;
DROP INDEX jobs_open;
DROP INDEX jobs_open_principal;

ALTER TABLE jobs ADD COLUMN state TEXT NOT NULL DEFAULT 'awaiting_upload'
    CHECK (state IN ('awaiting_upload', 'completing', 'inspecting', 'ready', 'rejected',
                     'committed', 'failed', 'cancelled', 'expired'));
UPDATE jobs SET state = status;
ALTER TABLE jobs DROP COLUMN status;
ALTER TABLE jobs RENAME COLUMN state TO status;

CREATE INDEX jobs_deadline ON jobs (status, deadline);
CREATE INDEX jobs_leftover ON jobs (run_after)
    WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL;
CREATE INDEX jobs_dataset_status ON jobs (dataset_id, status, id);
CREATE INDEX jobs_completing ON jobs (run_after) WHERE status = 'completing';
CREATE INDEX jobs_inspecting ON jobs (run_after) WHERE status = 'inspecting';
CREATE INDEX jobs_inspecting_principal ON jobs (principal_id, run_after) WHERE status = 'inspecting';
CREATE INDEX jobs_status ON jobs (status, id);
CREATE INDEX jobs_principal_status ON jobs (principal_id, status, id);
CREATE INDEX jobs_open ON jobs (id) WHERE status NOT IN ('committed', 'failed', 'cancelled', 'expired');
CREATE INDEX jobs_open_principal ON jobs (principal_id, file_size)
    WHERE status NOT IN ('committed', 'failed', 'cancelled', 'expired');

-- How the caller said that the object is to be read; none where it said nothing.
ALTER TABLE jobs ADD COLUMN read_options TEXT;
-- Whether the caller wants the job committed as soon as it is inspected.
ALTER TABLE jobs ADD COLUMN auto_commit BOOLEAN NOT NULL DEFAULT FALSE;
-- Whether the job was committed without a version of its own, since its object has the bytes of the current one.
ALTER TABLE jobs ADD COLUMN is_duplicate BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX jobs_duplicate ON jobs (run_after) WHERE is_duplicate AND cleaned_at IS NULL;

ALTER TABLE inspections ADD COLUMN dialect TEXT;
-- The options that were used: those of the job, or those that the dataset remembered.
ALTER TABLE inspections ADD COLUMN read_options TEXT;
ALTER TABLE inspections ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';
ALTER TABLE inspections ADD COLUMN findings_total BIGINT NOT NULL DEFAULT 0;

ALTER TABLE versions ADD COLUMN format TEXT;
ALTER TABLE versions ADD COLUMN dialect TEXT;
-- What the caller said about reading the object, which the next job of the dataset repeats.
ALTER TABLE versions ADD COLUMN read_options TEXT;
-- What readers of the dataset have to cope with, up to this version; none where it is not known.
ALTER TABLE versions ADD COLUMN schema TEXT;

UPDATE versions SET format = (SELECT format FROM inspections i WHERE i.job_id = versions.job_id);

-- Which changes may be committed; none for the default.
ALTER TABLE datasets ADD COLUMN policy TEXT;
