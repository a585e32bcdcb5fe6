-- Who is told of the events of a dataset by HTTP.
CREATE TABLE webhooks (
    id                BLOB PRIMARY KEY NOT NULL,
    dataset_id        BLOB NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    url               TEXT NOT NULL,
    -- Types of events, each between spaces.
    types             TEXT NOT NULL,
    -- The keys that messages are signed with: the earlier one too, for as long as receivers may still have it.
    secret            BLOB NOT NULL,
    old_secret        BLOB,
    old_secret_until  TEXT,
    created_at        TEXT NOT NULL,
    changed_by        TEXT,
    changed_in        TEXT,
    is_ending         BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE INDEX webhooks_dataset ON webhooks (dataset_id, id);

-- One for each webhook and each event that it is for, written with the event.
CREATE TABLE deliveries (
    id           BLOB PRIMARY KEY NOT NULL,
    webhook_id   BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id     BIGINT NOT NULL,
    type         TEXT NOT NULL,
    status       TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
    attempts     BIGINT NOT NULL DEFAULT 0,
    -- When it is due; while a process sends it, when that process has given up.
    run_after    TEXT NOT NULL,
    -- From when on it is not tried any more.
    give_up_at   TEXT NOT NULL,
    -- What the last attempt came to: the status of the response, or why there was none.
    response     BIGINT,
    error        TEXT,
    created_at   TEXT NOT NULL,
    delivered_at TEXT
);

CREATE INDEX deliveries_webhook ON deliveries (webhook_id, event_id, id);
CREATE INDEX deliveries_due ON deliveries (run_after) WHERE status = 'pending';
CREATE INDEX deliveries_created ON deliveries (created_at);

-- Identifiers are random, of version 4.
CREATE TRIGGER events_delivered AFTER INSERT ON events WHEN NEW.dataset_id IS NOT NULL AND NEW.refusal IS NULL BEGIN
    INSERT INTO deliveries (id, webhook_id, event_id, type, run_after, give_up_at, created_at)
        SELECT unhex(substr(r, 1, 12) || '4' || substr(r, 14, 3) || 'A' || substr(r, 18)), w.id, NEW.id, NEW.type, NEW.time,
               strftime('%Y-%m-%dT%H:%M:%f+00:00', NEW.time, '+1 day'), NEW.time
        FROM (SELECT id, dataset_id, types, hex(randomblob(16)) AS r FROM webhooks WHERE dataset_id = NEW.dataset_id) w
        WHERE instr(w.types, ' ' || NEW.type || ' ') > 0;
END;

CREATE TRIGGER webhooks_inserted_logged AFTER INSERT ON webhooks BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('webhook.created', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))), 'types', trim(NEW.types)));
END;
CREATE TRIGGER webhooks_rotated_logged AFTER UPDATE OF secret ON webhooks WHEN NEW.secret <> OLD.secret BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('webhook.rotated', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))), 'types', trim(NEW.types)));
END;
CREATE TRIGGER webhooks_deleted_logged AFTER DELETE ON webhooks BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value)
        VALUES ('webhook.deleted', OLD.dataset_id,
            iif(OLD.is_ending, OLD.changed_by, NULL), iif(OLD.is_ending, OLD.changed_in, NULL), json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(OLD.id), 1, 8), substr(hex(OLD.id), 9, 4), substr(hex(OLD.id), 13, 4), substr(hex(OLD.id), 17, 4), substr(hex(OLD.id), 21))), 'types', trim(OLD.types)));
END;
