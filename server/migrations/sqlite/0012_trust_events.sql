-- Changes of trust rules are logged like those of grants: a rule that a request deletes says so first.
ALTER TABLE trust_rules ADD COLUMN changed_by TEXT;
ALTER TABLE trust_rules ADD COLUMN changed_in TEXT;
ALTER TABLE trust_rules ADD COLUMN is_ending BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TRIGGER trust_rules_inserted_logged AFTER INSERT ON trust_rules BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('trust_rule.created', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'trust_rule_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'issuer', NEW.issuer, 'repository', NEW.repository,
            'workflow', NEW.workflow, 'branch', NEW.branch, 'environment', NEW.environment));
END;
CREATE TRIGGER trust_rules_deleted_logged AFTER DELETE ON trust_rules BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value)
        VALUES ('trust_rule.deleted', OLD.dataset_id,
            iif(OLD.is_ending, OLD.changed_by, NULL), iif(OLD.is_ending, OLD.changed_in, NULL), json_object(
            'trust_rule_id', lower(format('%s-%s-%s-%s-%s', substr(hex(OLD.id), 1, 8), substr(hex(OLD.id), 9, 4), substr(hex(OLD.id), 13, 4), substr(hex(OLD.id), 17, 4), substr(hex(OLD.id), 21))),
            'issuer', OLD.issuer, 'repository', OLD.repository,
            'workflow', OLD.workflow, 'branch', OLD.branch, 'environment', OLD.environment));
END;
