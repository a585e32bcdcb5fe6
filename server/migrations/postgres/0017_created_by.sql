-- Who created a trust rule or a webhook, with whose role on the dataset it ends. Those from before count as the owner's.
ALTER TABLE trust_rules ADD COLUMN created_by UUID REFERENCES principals (id);
ALTER TABLE webhooks ADD COLUMN created_by UUID REFERENCES principals (id);

CREATE INDEX trust_rules_created_by ON trust_rules (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX webhooks_created_by ON webhooks (created_by) WHERE created_by IS NOT NULL;

-- The token that created another one, with which that is revoked. Without a reference: tokens are forgotten one by one.
ALTER TABLE tokens ADD COLUMN created_with UUID;

CREATE INDEX tokens_created_with ON tokens (created_with) WHERE created_with IS NOT NULL;

-- The token of a CI job is an event of the dataset of its rule.
CREATE OR REPLACE FUNCTION log_token() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    described TEXT := json_build_object('token_id', NEW.id, 'name', NEW.name, 'scopes', NEW.scopes,
        'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id),
        'trust_rule_id', NEW.trust_rule_id, 'created_with', NEW.created_with)::TEXT;
    dataset   UUID := (SELECT r.dataset_id FROM trust_rules r WHERE r.id = NEW.trust_rule_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event('token.created', dataset, NULL, NULL, NEW.changed_by, NEW.changed_in, NULL, described, NULL);
    ELSIF NEW.changed_in IS DISTINCT FROM OLD.changed_in THEN
        PERFORM write_event('token.revoked', dataset, NULL, NULL, NEW.changed_by, NEW.changed_in, described, NULL, NULL);
    ELSE
        PERFORM write_event('token.revoked', dataset, NULL, NULL, NULL, NULL, described, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;

-- The same as before, with the number of the repository's owner, and with its use that sets the number.
CREATE OR REPLACE FUNCTION log_trust_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM write_event('trust_rule.deleted', OLD.dataset_id, NULL, NULL,
            CASE WHEN OLD.is_ending THEN OLD.changed_by END, CASE WHEN OLD.is_ending THEN OLD.changed_in END,
            json_build_object('trust_rule_id', OLD.id, 'issuer', OLD.issuer, 'repository', OLD.repository,
                'repository_owner_id', OLD.repository_owner_id,
                'workflow', OLD.workflow, 'branch', OLD.branch, 'environment', OLD.environment)::TEXT, NULL, NULL);
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM write_event('trust_rule.pinned', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in, NULL,
            json_build_object('trust_rule_id', NEW.id, 'repository_owner_id', NEW.repository_owner_id)::TEXT, NULL);
    ELSE
        PERFORM write_event('trust_rule.created', NEW.dataset_id, NULL, NULL, NEW.changed_by, NEW.changed_in, NULL,
            json_build_object('trust_rule_id', NEW.id, 'issuer', NEW.issuer, 'repository', NEW.repository,
                'repository_owner_id', NEW.repository_owner_id,
                'workflow', NEW.workflow, 'branch', NEW.branch, 'environment', NEW.environment)::TEXT, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER trust_rules_pinned_logged AFTER UPDATE OF repository_owner_id ON trust_rules FOR EACH ROW
    WHEN (OLD.repository_owner_id IS NULL AND NEW.repository_owner_id IS NOT NULL) EXECUTE FUNCTION log_trust_rule();
