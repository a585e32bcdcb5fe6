-- Webhooks take turns: a few messages of each are sent at the same time, and where one fails, its others wait.
ALTER TABLE webhooks
    -- Scheme, host and port of the URL, which the log may show; none where the release before made it.
    ADD COLUMN origin TEXT,
    -- Since when it is not called, and gets no new deliveries.
    ADD COLUMN disabled_at TIMESTAMPTZ,
    -- When it was last called.
    ADD COLUMN called_at TIMESTAMPTZ,
    -- How many attempts have failed since one succeeded, and when the next one may begin.
    ADD COLUMN failures BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN resume_at TIMESTAMPTZ;

ALTER TABLE deliveries
    -- Until when a process sends it; none while none does.
    ADD COLUMN lease_until TIMESTAMPTZ,
    -- How many attempts have failed since it was made, or sent again on request.
    ADD COLUMN failures BIGINT NOT NULL DEFAULT 0,
    -- How often it was sent again on request.
    ADD COLUMN resends BIGINT NOT NULL DEFAULT 0;

CREATE INDEX deliveries_waiting ON deliveries (webhook_id, run_after) WHERE status = 'pending';
CREATE INDEX deliveries_leased ON deliveries (webhook_id, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX deliveries_overdue ON deliveries (give_up_at) WHERE status = 'pending';
CREATE INDEX deliveries_dead ON deliveries (give_up_at) WHERE status = 'dead';

-- Keys that were replaced while `old_secret` was still in use: a second rotation keeps it here.
CREATE TABLE earlier_secrets (
    webhook_id  UUID NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    secret      BYTEA NOT NULL,
    valid_until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (webhook_id, secret)
);

CREATE INDEX earlier_secrets_age ON earlier_secrets (webhook_id, valid_until);
CREATE INDEX earlier_secrets_expired ON earlier_secrets (valid_until);
CREATE INDEX webhooks_old_secret ON webhooks (old_secret_until) WHERE old_secret IS NOT NULL;

-- Times do not always ascend with the ids: a clock may have been ahead.
CREATE INDEX events_time ON events (time);

CREATE OR REPLACE FUNCTION plan_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A webhook that another transaction is deleting is waited for, and then left out. Without the lock, the statement would see
    -- the webhook, and the foreign key would fail the change that the event is of.
    INSERT INTO deliveries (id, webhook_id, event_id, type, run_after, give_up_at, created_at)
        SELECT gen_random_uuid(), w.id, NEW.id, NEW.type, NEW.time, NEW.time + interval '1 day', NEW.time
        FROM webhooks w WHERE w.dataset_id = NEW.dataset_id AND w.disabled_at IS NULL
            AND position(' ' || NEW.type || ' ' IN w.types) > 0
        FOR KEY SHARE OF w;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION log_webhook() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_value TEXT;
    new_value TEXT;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_value := json_build_object('webhook_id', OLD.id, 'types', trim(OLD.types), 'origin', OLD.origin)::TEXT;
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM write_event('webhook.deleted', OLD.dataset_id, NULL, NULL,
            CASE WHEN OLD.is_ending THEN OLD.changed_by END, CASE WHEN OLD.is_ending THEN OLD.changed_in END,
            old_value, NULL, NULL);
        RETURN NULL;
    END IF;
    new_value := json_build_object('webhook_id', NEW.id, 'types', trim(NEW.types), 'origin', NEW.origin)::TEXT;
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event('webhook.created', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in, NULL, new_value, NULL);
    ELSIF NEW.secret <> OLD.secret THEN
        PERFORM write_event('webhook.rotated', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in, NULL, new_value, NULL);
    ELSIF NEW.disabled_at IS NULL THEN
        PERFORM write_event('webhook.enabled', NEW.dataset_id, NULL, NULL, NULL, NULL, NULL, new_value, NULL);
    ELSE
        PERFORM write_event('webhook.disabled', NEW.dataset_id, NULL, NULL, NULL, NULL, old_value, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER webhook_ability_logged AFTER UPDATE OF disabled_at ON webhooks FOR EACH ROW
    WHEN ((NEW.disabled_at IS NULL) <> (OLD.disabled_at IS NULL)) EXECUTE FUNCTION log_webhook();

-- The request that sends a delivery again has changed its webhook before, in the same transaction.
CREATE FUNCTION log_resend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_event('webhook.resent', w.dataset_id, NULL, NULL, w.changed_by, w.changed_in, NULL,
        json_build_object('webhook_id', w.id, 'delivery_id', NEW.id, 'event_id', NEW.event_id, 'type', NEW.type)::TEXT, NULL)
        FROM webhooks w WHERE w.id = NEW.webhook_id;
    RETURN NULL;
END $$;

CREATE TRIGGER deliveries_resent_logged AFTER UPDATE OF resends ON deliveries FOR EACH ROW
    WHEN (NEW.resends <> OLD.resends) EXECUTE FUNCTION log_resend();
