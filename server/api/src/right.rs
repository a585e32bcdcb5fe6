//! Who may do what: one table of the right that each operation demands.
//!
//! A token is checked for its scopes, and its principal for its role on the dataset. An operation without an entry is allowed to
//! no caller.

use crate::grant::Role;
use crate::scope::Scope::{Admin, Commit, Delete, Read, Upload};
use crate::scope::Scopes;

/// The right that an operation demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// Identifier of the operation.
    pub operation: &'static str,
    /// Scopes of which the token has at least one; empty where every valid token suffices.
    pub scopes: Scopes,
    /// What the operation works on.
    pub on: Target,
}

/// What an operation works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The whole deployment, which is for its administrators alone.
    Deployment,
    /// What the caller owns.
    Caller,
    /// The dataset in the path, or that of the job in the path, on which the principal has at least this role.
    Dataset(Role),
    /// What the body of the request proves a right to; there is no bearer token.
    Body,
}

/// Scopes of which each is a reason to see what is in a dataset, but not its data.
const SEES: Scopes = Scopes::of(&[Read, Upload, Commit]);
const READS: Scopes = Scopes::of(&[Read]);
const READS_OR_COMMITS: Scopes = Scopes::of(&[Read, Commit]);
const UPLOADS: Scopes = Scopes::of(&[Upload]);
const COMMITS: Scopes = Scopes::of(&[Commit]);
const DELETES: Scopes = Scopes::of(&[Delete]);
const ADMINISTERS: Scopes = Scopes::of(&[Admin]);
const ANY: Scopes = Scopes::of(&[]);

const READER: Target = Target::Dataset(Role::Reader);
const WRITER: Target = Target::Dataset(Role::Writer);
const OWNER: Target = Target::Dataset(Role::Owner);

/// The right of every operation of the API.
pub const RIGHTS: &[Right] = &[
    right("create_dataset", UPLOADS, Target::Caller),
    right("list_datasets", SEES, Target::Caller),
    right("get_dataset", SEES, READER),
    right("update_dataset", ADMINISTERS, OWNER),
    right("delete_dataset", DELETES, OWNER),
    right("undelete_dataset", DELETES, OWNER),
    right("request_presigned_reupload", UPLOADS, WRITER),
    right("complete_presigned_reupload", UPLOADS, WRITER),
    right("list_jobs", SEES, READER),
    right("get_job", SEES, READER),
    right("list_parts", SEES, READER),
    right("request_part_urls", UPLOADS, WRITER),
    right("get_preview", SEES, READER),
    right("inspect_job", UPLOADS, WRITER),
    right("commit_job", COMMITS, WRITER),
    right("cancel_job", UPLOADS, WRITER),
    right("list_versions", READS_OR_COMMITS, READER),
    right("get_version", READS_OR_COMMITS, READER),
    right("diff_versions", READS_OR_COMMITS, READER),
    right("download_version", READS, READER),
    right("download_dataset", READS, READER),
    right("restore_version", COMMITS, WRITER),
    right("list_dataset_events", READS, READER),
    right("list_job_events", SEES, READER),
    right("list_events", ADMINISTERS, Target::Deployment),
    right("create_webhook", ADMINISTERS, OWNER),
    right("list_webhooks", ADMINISTERS, OWNER),
    right("rotate_webhook_secret", ADMINISTERS, OWNER),
    right("delete_webhook", ADMINISTERS, OWNER),
    right("list_deliveries", ADMINISTERS, OWNER),
    right("resend_delivery", ADMINISTERS, OWNER),
    right("list_grants", ADMINISTERS, OWNER),
    right("put_grant", ADMINISTERS, OWNER),
    right("delete_grant", ADMINISTERS, OWNER),
    right("get_caller", ANY, Target::Caller),
    right("create_token", ADMINISTERS, Target::Caller),
    right("list_tokens", ADMINISTERS, Target::Caller),
    right("revoke_token", ADMINISTERS, Target::Caller),
    right("list_trust_rules", ADMINISTERS, OWNER),
    right("create_trust_rule", ADMINISTERS, OWNER),
    right("delete_trust_rule", ADMINISTERS, OWNER),
    right("exchange_token", ANY, Target::Body),
];

const fn right(operation: &'static str, scopes: Scopes, on: Target) -> Right {
    Right {
        operation,
        scopes,
        on,
    }
}

/// The right that an operation demands; `None` where there is no such operation.
pub fn right_of(operation: &str) -> Option<&'static Right> {
    RIGHTS.iter().find(|right| right.operation == operation)
}

impl Right {
    /// The row of the table in the docs.
    pub fn row(&self) -> String {
        let scopes: Vec<_> = self
            .scopes
            .iter()
            .map(|scope| format!("`{scope}`"))
            .collect();
        let scopes = match self.on {
            Target::Body => "no token".to_string(),
            _ if scopes.is_empty() => "any".to_string(),
            _ => scopes.join(" or "),
        };
        let role = match self.on {
            Target::Deployment => "administrator".to_string(),
            Target::Caller | Target::Body => "–".to_string(),
            Target::Dataset(role) => format!("`{role}`"),
        };
        format!("| `{}` | {scopes} | {role} |", self.operation)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::document::document;

    #[test]
    fn docs_show_every_right() {
        let page = "../../docs/src/content/docs/guides/access.mdx";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = std::fs::read_to_string(path).unwrap();
        let table: Vec<_> = RIGHTS.iter().map(Right::row).collect();
        let table = table.join("\n");
        assert!(
            text.contains(&format!("|---|---|---|\n{table}\n\n{{/* end: rights */}}")),
            "docs/src/content/docs/guides/access.mdx must have this table:\n{table}"
        );
    }

    #[test]
    fn every_operation_has_one_right() {
        let document = document();
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        let declared: BTreeSet<_> = operations
            .filter_map(|(_, operation)| operation["operationId"].as_str())
            .collect();
        let listed: BTreeSet<_> = RIGHTS.iter().map(|right| right.operation).collect();
        assert_eq!(listed.len(), RIGHTS.len());
        assert_eq!(listed, declared);
    }
}
