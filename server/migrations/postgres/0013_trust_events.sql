-- Changes of trust rules are logged like those of grants: a rule that a request deletes says so first.
ALTER TABLE trust_rules ADD COLUMN changed_by TEXT, ADD COLUMN changed_in TEXT,
    ADD COLUMN is_ending BOOLEAN NOT NULL DEFAULT FALSE;

CREATE FUNCTION log_trust_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM write_event('trust_rule.deleted', OLD.dataset_id, NULL, NULL,
            CASE WHEN OLD.is_ending THEN OLD.changed_by END, CASE WHEN OLD.is_ending THEN OLD.changed_in END,
            json_build_object('trust_rule_id', OLD.id, 'issuer', OLD.issuer, 'repository', OLD.repository,
                'workflow', OLD.workflow, 'branch', OLD.branch, 'environment', OLD.environment)::TEXT, NULL, NULL);
    ELSE
        PERFORM write_event('trust_rule.created', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in, NULL,
            json_build_object('trust_rule_id', NEW.id, 'issuer', NEW.issuer, 'repository', NEW.repository,
                'workflow', NEW.workflow, 'branch', NEW.branch, 'environment', NEW.environment)::TEXT, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER trust_rules_logged AFTER INSERT OR DELETE ON trust_rules FOR EACH ROW EXECUTE FUNCTION log_trust_rule();
