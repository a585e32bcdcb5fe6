-- Who created a trust rule or a webhook, with whose role on the dataset it ends. Those from before count as the owner's.
ALTER TABLE trust_rules ADD COLUMN created_by BLOB REFERENCES principals (id);
ALTER TABLE webhooks ADD COLUMN created_by BLOB REFERENCES principals (id);

CREATE INDEX trust_rules_created_by ON trust_rules (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX webhooks_created_by ON webhooks (created_by) WHERE created_by IS NOT NULL;

-- The token that created another one, with which that is revoked. Without a reference: tokens are forgotten one by one.
ALTER TABLE tokens ADD COLUMN created_with BLOB;

CREATE INDEX tokens_created_with ON tokens (created_with) WHERE created_with IS NOT NULL;

-- The token of a CI job is an event of the dataset of its rule.
DROP TRIGGER tokens_inserted_logged;
CREATE TRIGGER tokens_inserted_logged AFTER INSERT ON tokens BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('token.created', (SELECT r.dataset_id FROM trust_rules r WHERE r.id = NEW.trust_rule_id),
            NEW.changed_by, NEW.changed_in, json_object(
            'token_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'name', NEW.name, 'scopes', NEW.scopes,
            'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id),
            'trust_rule_id', iif(NEW.trust_rule_id IS NULL, NULL, lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.trust_rule_id), 1, 8), substr(hex(NEW.trust_rule_id), 9, 4), substr(hex(NEW.trust_rule_id), 13, 4), substr(hex(NEW.trust_rule_id), 17, 4), substr(hex(NEW.trust_rule_id), 21)))),
            'created_with', iif(NEW.created_with IS NULL, NULL, lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.created_with), 1, 8), substr(hex(NEW.created_with), 9, 4), substr(hex(NEW.created_with), 13, 4), substr(hex(NEW.created_with), 17, 4), substr(hex(NEW.created_with), 21))))));
END;
DROP TRIGGER tokens_revoked_logged;
CREATE TRIGGER tokens_revoked_logged AFTER UPDATE OF revoked_at ON tokens
    WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value)
        SELECT 'token.revoked', (SELECT r.dataset_id FROM trust_rules r WHERE r.id = NEW.trust_rule_id),
            iif(is_own, NEW.changed_by, NULL), iif(is_own, NEW.changed_in, NULL), json_object(
            'token_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'name', NEW.name, 'scopes', NEW.scopes,
            'principal', (SELECT p.name FROM principals p WHERE p.id = NEW.principal_id),
            'trust_rule_id', iif(NEW.trust_rule_id IS NULL, NULL, lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.trust_rule_id), 1, 8), substr(hex(NEW.trust_rule_id), 9, 4), substr(hex(NEW.trust_rule_id), 13, 4), substr(hex(NEW.trust_rule_id), 17, 4), substr(hex(NEW.trust_rule_id), 21)))),
            'created_with', iif(NEW.created_with IS NULL, NULL, lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.created_with), 1, 8), substr(hex(NEW.created_with), 9, 4), substr(hex(NEW.created_with), 13, 4), substr(hex(NEW.created_with), 17, 4), substr(hex(NEW.created_with), 21)))))
        FROM (SELECT NEW.changed_in IS NOT OLD.changed_in AS is_own);
END;

-- The same as before, with the number of the repository's owner, and with its use that sets the number.
DROP TRIGGER trust_rules_inserted_logged;
CREATE TRIGGER trust_rules_inserted_logged AFTER INSERT ON trust_rules BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('trust_rule.created', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'trust_rule_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'issuer', NEW.issuer, 'repository', NEW.repository, 'repository_owner_id', NEW.repository_owner_id,
            'workflow', NEW.workflow, 'branch', NEW.branch, 'environment', NEW.environment));
END;
CREATE TRIGGER trust_rules_pinned_logged AFTER UPDATE OF repository_owner_id ON trust_rules
    WHEN OLD.repository_owner_id IS NULL AND NEW.repository_owner_id IS NOT NULL BEGIN
    INSERT INTO events (type, dataset_id, principal, request, new_value)
        VALUES ('trust_rule.pinned', NEW.dataset_id, NEW.changed_by, NEW.changed_in, json_object(
            'trust_rule_id', lower(format('%s-%s-%s-%s-%s', substr(hex(NEW.id), 1, 8), substr(hex(NEW.id), 9, 4), substr(hex(NEW.id), 13, 4), substr(hex(NEW.id), 17, 4), substr(hex(NEW.id), 21))),
            'repository_owner_id', NEW.repository_owner_id));
END;
DROP TRIGGER trust_rules_deleted_logged;
CREATE TRIGGER trust_rules_deleted_logged AFTER DELETE ON trust_rules BEGIN
    INSERT INTO events (type, dataset_id, principal, request, old_value)
        VALUES ('trust_rule.deleted', OLD.dataset_id,
            iif(OLD.is_ending, OLD.changed_by, NULL), iif(OLD.is_ending, OLD.changed_in, NULL), json_object(
            'trust_rule_id', lower(format('%s-%s-%s-%s-%s', substr(hex(OLD.id), 1, 8), substr(hex(OLD.id), 9, 4), substr(hex(OLD.id), 13, 4), substr(hex(OLD.id), 17, 4), substr(hex(OLD.id), 21))),
            'issuer', OLD.issuer, 'repository', OLD.repository, 'repository_owner_id', OLD.repository_owner_id,
            'workflow', OLD.workflow, 'branch', OLD.branch, 'environment', OLD.environment));
END;
