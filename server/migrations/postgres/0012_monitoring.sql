-- The request that completed the upload, as W3C Trace Context writes it: a worker links its inspection to it.
ALTER TABLE jobs ADD COLUMN trace_parent TEXT;

-- What metrics say of open uploads: an index alone has it, in the order of their deadlines.
CREATE INDEX jobs_awaiting ON jobs (deadline) INCLUDE (file_size) WHERE status = 'awaiting_upload';
