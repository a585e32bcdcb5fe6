-- Rates of one principal, in place of those of the server, as they are configured: 1000/1m.
ALTER TABLE principals ADD COLUMN request_rate TEXT;
ALTER TABLE principals ADD COLUMN url_rate TEXT;

DROP TRIGGER principals_changed_logged;
CREATE TRIGGER principals_changed_logged
    AFTER UPDATE OF name, is_admin, disabled_at, max_stored_bytes, max_open_jobs, request_rate, url_rate ON principals
    WHEN NEW.name <> OLD.name OR NEW.is_admin <> OLD.is_admin
        OR (NEW.disabled_at IS NULL) <> (OLD.disabled_at IS NULL)
        OR NEW.max_stored_bytes IS NOT OLD.max_stored_bytes OR NEW.max_open_jobs IS NOT OLD.max_open_jobs
        OR NEW.request_rate IS NOT OLD.request_rate OR NEW.url_rate IS NOT OLD.url_rate BEGIN
    INSERT INTO events (type, old_value, new_value) VALUES ('principal.changed',
        json_object(
            'principal_id', lower(format('%s-%s-%s-%s-%s', substr(hex(OLD.id), 1, 8), substr(hex(OLD.id), 9, 4), substr(hex(OLD.id), 13, 4), substr(hex(OLD.id), 17, 4), substr(hex(OLD.id), 21))),
            'is_admin', json(iif(OLD.is_admin, 'true', 'false')),
            'disabled', json(iif(OLD.disabled_at IS NOT NULL, 'true', 'false')),
            'max_stored_bytes', OLD.max_stored_bytes, 'max_open_jobs', OLD.max_open_jobs,
            'request_rate', OLD.request_rate, 'url_rate', OLD.url_rate),
        json_object(
            'principal_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'name', NEW.name, 'is_admin', json(iif(NEW.is_admin, 'true', 'false')),
            'disabled', json(iif(NEW.disabled_at IS NOT NULL, 'true', 'false')),
            'max_stored_bytes', NEW.max_stored_bytes, 'max_open_jobs', NEW.max_open_jobs,
            'request_rate', NEW.request_rate, 'url_rate', NEW.url_rate));
END;
