-- When S3 was sent the first request of a completion: none is sent any more when that is long ago.
ALTER TABLE jobs ADD COLUMN first_asked_at TIMESTAMPTZ;

UPDATE jobs SET first_asked_at = asked_at WHERE asked_at IS NOT NULL;

-- Completions are claimed apart from inspections, and inspections in turns between their principals.
CREATE INDEX jobs_completing ON jobs (run_after) WHERE status = 'completing';
CREATE INDEX jobs_inspecting ON jobs (run_after) WHERE status = 'inspecting';
CREATE INDEX jobs_inspecting_principal ON jobs (principal_id, run_after) WHERE status = 'inspecting';
DROP INDEX jobs_work;

-- An operator lists jobs by state, of one principal or of all, newest first.
CREATE INDEX jobs_status ON jobs (status, id);
CREATE INDEX jobs_principal_status ON jobs (principal_id, status, id);
DROP INDEX jobs_principal;
