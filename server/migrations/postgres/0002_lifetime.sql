-- Which database is the up-to-date one: the bucket's marker holds the same generation, which the reaper advances.
ALTER TABLE instance
    ADD COLUMN generation        BIGINT NOT NULL DEFAULT 0,
    -- Random, so that two copies of one database that both advance are told apart.
    ADD COLUMN generation_nonce  UUID,
    -- When a process of the deployment last served, and since when it has done so without a gap.
    ADD COLUMN served_at         TIMESTAMPTZ,
    ADD COLUMN serving_since     TIMESTAMPTZ,
    -- The reaper that is at work, and until when; no other one works meanwhile.
    ADD COLUMN reaper_id         UUID,
    ADD COLUMN reaper_until      TIMESTAMPTZ,
    ADD COLUMN reaping_paused_at TIMESTAMPTZ,
    -- When an operator took the bucket over: what older jobs say may have been overtaken.
    ADD COLUMN adopted_at        TIMESTAMPTZ;

-- Sums that quotas and retention need, kept by triggers: a sum over a million rows takes too long for a request.
ALTER TABLE principals ADD COLUMN stored_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE datasets ADD COLUMN live_versions BIGINT NOT NULL DEFAULT 0;
-- From when on the objects of a deleted dataset are removed, and the deletion cannot be undone any more.
ALTER TABLE datasets ADD COLUMN removing_since TIMESTAMPTZ;

UPDATE principals SET stored_bytes = (
    SELECT COALESCE(sum(v.file_size), 0) FROM versions v JOIN datasets d ON d.id = v.dataset_id
    WHERE d.principal_id = principals.id);
UPDATE datasets SET live_versions = (
    SELECT count(*) FROM versions v WHERE v.dataset_id = datasets.id AND v.retired_at IS NULL);

CREATE FUNCTION count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE principals SET stored_bytes = stored_bytes + NEW.file_size
            WHERE id = (SELECT principal_id FROM datasets WHERE id = NEW.dataset_id);
        UPDATE datasets SET live_versions = live_versions + 1 WHERE id = NEW.dataset_id;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE datasets SET live_versions = live_versions - 1 WHERE id = NEW.dataset_id;
    ELSE
        UPDATE principals SET stored_bytes = stored_bytes - OLD.file_size
            WHERE id = (SELECT principal_id FROM datasets WHERE id = OLD.dataset_id);
        UPDATE datasets SET live_versions = live_versions - 1
            WHERE id = OLD.dataset_id AND OLD.retired_at IS NULL;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER versions_counted AFTER INSERT OR DELETE ON versions FOR EACH ROW EXECUTE FUNCTION count_version();
CREATE TRIGGER versions_retired_counted AFTER UPDATE OF retired_at ON versions FOR EACH ROW
    WHEN (OLD.retired_at IS NULL AND NEW.retired_at IS NOT NULL) EXECUTE FUNCTION count_version();

CREATE INDEX datasets_live_versions ON datasets (live_versions) WHERE deleted_at IS NULL;
CREATE INDEX versions_retired ON versions (retired_at, dataset_id, version) WHERE retired_at IS NOT NULL;

-- When the object was first found missing; one look does not prove it.
ALTER TABLE jobs ADD COLUMN missing_since TIMESTAMPTZ;
-- When the job of the inspection was committed, from which its sample is kept for a while.
ALTER TABLE inspections ADD COLUMN committed_at TIMESTAMPTZ;

UPDATE inspections SET committed_at = (SELECT created_at FROM versions v WHERE v.job_id = inspections.job_id);

CREATE INDEX inspections_samples ON inspections (committed_at) WHERE committed_at IS NOT NULL AND sample <> '[]';
CREATE INDEX jobs_cleaned ON jobs (cleaned_at) WHERE cleaned_at IS NOT NULL;
CREATE INDEX jobs_dataset_status ON jobs (dataset_id, status, id);
CREATE INDEX versions_live ON versions (dataset_id, version) WHERE retired_at IS NULL;
