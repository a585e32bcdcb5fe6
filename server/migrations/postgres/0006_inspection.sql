-- Jobs can be `rejected`.
ALTER TABLE jobs
    DROP CONSTRAINT jobs_status_check,
    ADD CONSTRAINT jobs_status_check
        CHECK (status IN ('awaiting_upload', 'completing', 'inspecting', 'ready', 'rejected',
                          'committed', 'failed', 'cancelled', 'expired')),
    -- How the caller said that the object is to be read; none where it said nothing.
    ADD COLUMN read_options TEXT,
    -- Whether the caller wants the job committed as soon as it is inspected.
    ADD COLUMN auto_commit  BOOLEAN NOT NULL DEFAULT FALSE,
    -- Whether the job was committed without a version of its own, since its object has the bytes of the current one.
    ADD COLUMN is_duplicate BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX jobs_duplicate ON jobs (run_after) WHERE is_duplicate AND cleaned_at IS NULL;

ALTER TABLE inspections
    ADD COLUMN dialect        TEXT,
    -- The options that were used: those of the job, or those that the dataset remembered.
    ADD COLUMN read_options   TEXT,
    ADD COLUMN findings       TEXT NOT NULL DEFAULT '[]',
    ADD COLUMN findings_total BIGINT NOT NULL DEFAULT 0;

ALTER TABLE versions
    ADD COLUMN format       TEXT,
    ADD COLUMN dialect      TEXT,
    -- What the caller said about reading the object, which the next job of the dataset repeats.
    ADD COLUMN read_options TEXT,
    -- What readers of the dataset have to cope with, up to this version; none where it is not known.
    ADD COLUMN schema       TEXT;

UPDATE versions SET format = (SELECT format FROM inspections i WHERE i.job_id = versions.job_id);

-- Which changes may be committed; none for the default.
ALTER TABLE datasets ADD COLUMN policy TEXT;
