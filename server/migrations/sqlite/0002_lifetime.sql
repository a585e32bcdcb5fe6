-- Which database is the up-to-date one: the bucket's marker holds the same generation, which the reaper advances.
ALTER TABLE instance ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
-- Random, so that two copies of one database that both advance are told apart.
ALTER TABLE instance ADD COLUMN generation_nonce BLOB;
-- When a process of the deployment last served, and since when it has done so without a gap.
ALTER TABLE instance ADD COLUMN served_at TEXT;
ALTER TABLE instance ADD COLUMN serving_since TEXT;
-- The reaper that is at work, and until when; no other one works meanwhile.
ALTER TABLE instance ADD COLUMN reaper_id BLOB;
ALTER TABLE instance ADD COLUMN reaper_until TEXT;
ALTER TABLE instance ADD COLUMN reaping_paused_at TEXT;
-- When an operator took the bucket over: what older jobs say may have been overtaken.
ALTER TABLE instance ADD COLUMN adopted_at TEXT;

-- Sums that quotas and retention need, kept by triggers: a sum over a million rows takes too long for a request.
ALTER TABLE principals ADD COLUMN stored_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE datasets ADD COLUMN live_versions BIGINT NOT NULL DEFAULT 0;
-- From when on the objects of a deleted dataset are removed, and the deletion cannot be undone any more.
ALTER TABLE datasets ADD COLUMN removing_since TEXT;

UPDATE principals SET stored_bytes = (
    SELECT COALESCE(sum(v.file_size), 0) FROM versions v JOIN datasets d ON d.id = v.dataset_id
    WHERE d.principal_id = principals.id);
UPDATE datasets SET live_versions = (
    SELECT count(*) FROM versions v WHERE v.dataset_id = datasets.id AND v.retired_at IS NULL);

CREATE TRIGGER versions_inserted AFTER INSERT ON versions BEGIN
    UPDATE principals SET stored_bytes = stored_bytes + NEW.file_size
        WHERE id = (SELECT principal_id FROM datasets WHERE id = NEW.dataset_id);
    UPDATE datasets SET live_versions = live_versions + 1 WHERE id = NEW.dataset_id;
END;
CREATE TRIGGER versions_retired_counted AFTER UPDATE OF retired_at ON versions
    WHEN OLD.retired_at IS NULL AND NEW.retired_at IS NOT NULL BEGIN
    UPDATE datasets SET live_versions = live_versions - 1 WHERE id = NEW.dataset_id;
END;
CREATE TRIGGER versions_deleted AFTER DELETE ON versions BEGIN
    UPDATE principals SET stored_bytes = stored_bytes - OLD.file_size
        WHERE id = (SELECT principal_id FROM datasets WHERE id = OLD.dataset_id);
    UPDATE datasets SET live_versions = live_versions - 1
        WHERE id = OLD.dataset_id AND OLD.retired_at IS NULL;
END;

CREATE INDEX datasets_live_versions ON datasets (live_versions) WHERE deleted_at IS NULL;
CREATE INDEX versions_retired ON versions (retired_at, dataset_id, version) WHERE retired_at IS NOT NULL;

-- When the object was first found missing; one look does not prove it.
ALTER TABLE jobs ADD COLUMN missing_since TEXT;
-- When the job of the inspection was committed, from which its sample is kept for a while.
ALTER TABLE inspections ADD COLUMN committed_at TEXT;

UPDATE inspections SET committed_at = (SELECT created_at FROM versions v WHERE v.job_id = inspections.job_id);

CREATE INDEX inspections_samples ON inspections (committed_at) WHERE committed_at IS NOT NULL AND sample <> '[]';
CREATE INDEX jobs_cleaned ON jobs (cleaned_at) WHERE cleaned_at IS NOT NULL;
CREATE INDEX jobs_dataset_status ON jobs (dataset_id, status, id);
CREATE INDEX versions_live ON versions (dataset_id, version) WHERE retired_at IS NULL;
