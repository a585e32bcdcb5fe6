-- Webhooks take turns: a few messages of each are sent at the same time, and where one fails, its others wait.
-- Scheme, host and port of the URL, which the log may show; none where the release before made it.
ALTER TABLE webhooks ADD COLUMN origin TEXT;
-- Since when it is not called, and gets no new deliveries.
ALTER TABLE webhooks ADD COLUMN disabled_at TEXT;
-- When it was last called.
ALTER TABLE webhooks ADD COLUMN called_at TEXT;
-- How many attempts have failed since one succeeded, and when the next one may begin.
ALTER TABLE webhooks ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN resume_at TEXT;

-- Until when a process sends it; none while none does.
ALTER TABLE deliveries ADD COLUMN lease_until TEXT;
-- How many attempts have failed since it was made, or sent again on request.
ALTER TABLE deliveries ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
-- How often it was sent again on request.
ALTER TABLE deliveries ADD COLUMN resends BIGINT NOT NULL DEFAULT 0;

CREATE INDEX deliveries_waiting ON deliveries (webhook_id, run_after) WHERE status = 'pending';
CREATE INDEX deliveries_leased ON deliveries (webhook_id, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX deliveries_overdue ON deliveries (give_up_at) WHERE status = 'pending';
CREATE INDEX deliveries_dead ON deliveries (give_up_at) WHERE status = 'dead';

-- Keys that were replaced while `old_secret` was still in use: a second rotation keeps it here.
CREATE TABLE earlier_secrets (
    webhook_id  BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    secret      BLOB NOT NULL,
    valid_until TEXT NOT NULL,
    PRIMARY KEY (webhook_id, secret)
);

CREATE INDEX earlier_secrets_age ON earlier_secrets (webhook_id, valid_until);
CREATE INDEX earlier_secrets_expired ON earlier_secrets (valid_until);
CREATE INDEX webhooks_old_secret ON webhooks (old_secret_until) WHERE old_secret IS NOT NULL;

-- Times do not always ascend with the ids: a clock may have been ahead.
CREATE INDEX events_time ON events (time);

DROP TRIGGER events_delivered;
-- Identifiers are random, of version 4.
CREATE TRIGGER events_delivered AFTER INSERT ON events WHEN NEW.dataset_id IS NOT NULL AND NEW.refusal IS NULL BEGIN
    INSERT INTO deliveries (id, webhook_id, event_id, type, run_after, give_up_at, created_at)
        SELECT unhex(substr(r, 1, 12) || '4' || substr(r, 14, 3) || 'A' || substr(r, 18)), w.id, NEW.id, NEW.type, NEW.time,
               strftime('%Y-%m-%dT%H:%M:%f+00:00', NEW.time, '+1 day'), NEW.time
        FROM (SELECT id, types, hex(randomblob(16)) AS r FROM webhooks
              WHERE dataset_id = NEW.dataset_id AND disabled_at IS NULL) w
        WHERE instr(w.types, ' ' || NEW.type || ' ') > 0;
END;

DROP TRIGGER webhooks_inserted_logged;
CREATE TRIGGER webhooks_inserted_logged AFTER INSERT ON webhooks BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('webhook.created', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))), 'types', trim(NEW.types), 'origin', NEW.origin));
END;
DROP TRIGGER webhooks_rotated_logged;
CREATE TRIGGER webhooks_rotated_logged AFTER UPDATE OF secret ON webhooks WHEN NEW.secret <> OLD.secret BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('webhook.rotated', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))), 'types', trim(NEW.types), 'origin', NEW.origin));
END;
DROP TRIGGER webhooks_deleted_logged;
CREATE TRIGGER webhooks_deleted_logged AFTER DELETE ON webhooks BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value)
        VALUES ('webhook.deleted', OLD.dataset_id,
            iif(OLD.is_ending, OLD.changed_by, NULL), iif(OLD.is_ending, OLD.changed_in, NULL), json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(OLD.id), 1, 8), substr(hex(OLD.id), 9, 4), substr(hex(OLD.id), 13, 4), substr(hex(OLD.id), 17, 4), substr(hex(OLD.id), 21))), 'types', trim(OLD.types), 'origin', OLD.origin));
END;
CREATE TRIGGER webhooks_disabled_logged AFTER UPDATE OF disabled_at ON webhooks
WHEN NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL BEGIN
    INSERT INTO events (type, dataset_id, old_value) VALUES ('webhook.disabled', OLD.dataset_id, json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(OLD.id), 1, 8), substr(hex(OLD.id), 9, 4), substr(hex(OLD.id), 13, 4), substr(hex(OLD.id), 17, 4), substr(hex(OLD.id), 21))), 'types', trim(OLD.types), 'origin', OLD.origin));
END;
CREATE TRIGGER webhooks_enabled_logged AFTER UPDATE OF disabled_at ON webhooks
WHEN NEW.disabled_at IS NULL AND OLD.disabled_at IS NOT NULL BEGIN
    INSERT INTO events (type, dataset_id, new_value) VALUES ('webhook.enabled', NEW.dataset_id, json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))), 'types', trim(NEW.types), 'origin', NEW.origin));
END;

-- The request that sends a delivery again has changed its webhook before, in the same transaction.
CREATE TRIGGER deliveries_resent_logged AFTER UPDATE OF resends ON deliveries WHEN NEW.resends <> OLD.resends BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        SELECT 'webhook.resent', w.dataset_id, w.changed_by, w.changed_in, json_object(
            'webhook_id', lower(format('%s-%s-%s-%s-%s', substr(hex(w.id), 1, 8), substr(hex(w.id), 9, 4), substr(hex(w.id), 13, 4), substr(hex(w.id), 17, 4), substr(hex(w.id), 21))),
            'delivery_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'event_id', NEW.event_id, 'type', NEW.type)
        FROM webhooks w WHERE w.id = NEW.webhook_id;
END;
