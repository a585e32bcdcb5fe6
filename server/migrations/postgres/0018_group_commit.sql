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
