-- Rates of one principal, in place of those of the server, as they are configured: 1000/1m.
ALTER TABLE principals ADD COLUMN request_rate TEXT, ADD COLUMN url_rate TEXT;

CREATE OR REPLACE FUNCTION log_principal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_event(
        CASE WHEN TG_OP = 'INSERT' THEN 'principal.created' ELSE 'principal.changed' END, NULL, NULL, NULL, NULL, NULL,
        CASE WHEN TG_OP = 'UPDATE' THEN json_build_object(
            'principal_id', OLD.id, 'is_admin', OLD.is_admin, 'disabled', OLD.disabled_at IS NOT NULL,
            'max_stored_bytes', OLD.max_stored_bytes, 'max_open_jobs', OLD.max_open_jobs,
            'request_rate', OLD.request_rate, 'url_rate', OLD.url_rate)::TEXT END,
        json_build_object(
            'principal_id', NEW.id, 'name', NEW.name, 'is_admin', NEW.is_admin,
            'disabled', NEW.disabled_at IS NOT NULL,
            'max_stored_bytes', NEW.max_stored_bytes, 'max_open_jobs', NEW.max_open_jobs,
            'request_rate', NEW.request_rate, 'url_rate', NEW.url_rate)::TEXT, NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER principal_rates_logged AFTER UPDATE OF request_rate, url_rate ON principals FOR EACH ROW
    WHEN ((NEW.request_rate IS DISTINCT FROM OLD.request_rate OR NEW.url_rate IS DISTINCT FROM OLD.url_rate)
          -- Else the trigger of the other columns logs the change.
          AND NEW.name = OLD.name AND NEW.is_admin = OLD.is_admin
          AND (NEW.disabled_at IS NULL) = (OLD.disabled_at IS NULL)
          AND NEW.max_stored_bytes IS NOT DISTINCT FROM OLD.max_stored_bytes
          AND NEW.max_open_jobs IS NOT DISTINCT FROM OLD.max_open_jobs)
    EXECUTE FUNCTION log_principal();
