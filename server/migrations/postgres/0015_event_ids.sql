-- Continues the numbers of events `p_step` further on, where a backup was restored: readers may hold numbers that the database
-- gave before, and would wait for what is behind these. The event that says so names the numbers that are left out.
--
-- With the rights of the schema's owner, as `last_event_id`: a role with rights on the tables alone may not set a sequence.
CREATE FUNCTION skip_event_ids(p_step BIGINT) RETURNS VOID
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    last BIGINT;
BEGIN
    IF NOT has_table_privilege(session_user, 'events', 'INSERT') THEN
        RAISE insufficient_privilege USING MESSAGE = format('the role %s may not write events', session_user);
    END IF;
    -- Locks of writers hold the last 31 bits of a number (`write_event`), which must not change.
    IF p_step <= 0 OR p_step % 2147483648 <> 0 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the step must be a multiple of 2147483648';
    END IF;
    -- Once no transaction has smaller numbers that it has not committed: readers in order would miss its events.
    LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE;
    last := last_event_id();
    PERFORM setval('events_id', last + p_step);
    PERFORM write_event('bucket.adopted', NULL, NULL, NULL, NULL, NULL,
                        json_build_object('last_event_id', last)::TEXT,
                        json_build_object('last_event_id', last + p_step)::TEXT, NULL);
END $$;
