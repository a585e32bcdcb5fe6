-- Who is told of the events of a dataset by HTTP.
CREATE TABLE webhooks (
    id                UUID PRIMARY KEY NOT NULL,
    dataset_id        UUID NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    url               TEXT NOT NULL,
    -- Types of events, each between spaces.
    types             TEXT NOT NULL,
    -- The keys that messages are signed with: the earlier one too, for as long as receivers may still have it.
    secret            BYTEA NOT NULL,
    old_secret        BYTEA,
    old_secret_until  TIMESTAMPTZ,
    created_at        TIMESTAMPTZ NOT NULL,
    changed_by        TEXT,
    changed_in        TEXT,
    is_ending         BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE INDEX webhooks_dataset ON webhooks (dataset_id, id);

-- One for each webhook and each event that it is for, written with the event.
CREATE TABLE deliveries (
    id           UUID PRIMARY KEY NOT NULL,
    webhook_id   UUID NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id     BIGINT NOT NULL,
    type         TEXT NOT NULL,
    status       TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
    attempts     BIGINT NOT NULL DEFAULT 0,
    -- When it is due; while a process sends it, when that process has given up.
    run_after    TIMESTAMPTZ NOT NULL,
    -- From when on it is not tried any more.
    give_up_at   TIMESTAMPTZ NOT NULL,
    -- What the last attempt came to: the status of the response, or why there was none.
    response     BIGINT,
    error        TEXT,
    created_at   TIMESTAMPTZ NOT NULL,
    delivered_at TIMESTAMPTZ
);

CREATE INDEX deliveries_webhook ON deliveries (webhook_id, event_id, id);
CREATE INDEX deliveries_due ON deliveries (run_after) WHERE status = 'pending';
CREATE INDEX deliveries_created ON deliveries (created_at);

CREATE FUNCTION plan_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deliveries (id, webhook_id, event_id, type, run_after, give_up_at, created_at)
        SELECT gen_random_uuid(), w.id, NEW.id, NEW.type, NEW.time, NEW.time + interval '1 day', NEW.time
        FROM webhooks w WHERE w.dataset_id = NEW.dataset_id AND position(' ' || NEW.type || ' ' IN w.types) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER events_delivered AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.dataset_id IS NOT NULL AND NEW.refusal IS NULL) EXECUTE FUNCTION plan_deliveries();

CREATE FUNCTION log_webhook() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM write_event('webhook.deleted', OLD.dataset_id, NULL, NULL,
            CASE WHEN OLD.is_ending THEN OLD.changed_by END, CASE WHEN OLD.is_ending THEN OLD.changed_in END,
            json_build_object('webhook_id', OLD.id, 'types', trim(OLD.types))::TEXT, NULL, NULL);
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM write_event('webhook.rotated', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in,
            NULL, json_build_object('webhook_id', NEW.id, 'types', trim(NEW.types))::TEXT, NULL);
    ELSE
        PERFORM write_event('webhook.created', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in,
            NULL, json_build_object('webhook_id', NEW.id, 'types', trim(NEW.types))::TEXT, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER webhooks_logged AFTER INSERT OR DELETE ON webhooks FOR EACH ROW EXECUTE FUNCTION log_webhook();
CREATE TRIGGER webhook_changes_logged AFTER UPDATE OF secret ON webhooks FOR EACH ROW
    WHEN (NEW.secret <> OLD.secret) EXECUTE FUNCTION log_webhook();
