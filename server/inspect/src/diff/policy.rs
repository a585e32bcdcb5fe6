//! What the policy of a dataset refuses.

use restow_api::diff::Difference;
use restow_api::policy::PolicyAction;
use restow_api::version::Acceptance;
use restow_api::{Change, ChangeKind, Policy, SchemaDiff};

/// The changes that `policy` refuses and `accept` does not name.
///
/// A policy with `max_row_loss` refuses lost rows beyond that share, whatever it says of `rows_lost`. That a column was
/// renamed is a guess: where the policy does not speak of it, it is admitted also if both its removal and its addition
/// are. A breaking diff without changes is one of unknown columns: nothing in it can be refused here.
pub fn refused<'d>(
    diff: &'d SchemaDiff,
    policy: &Policy,
    accept: &[Acceptance],
) -> Vec<&'d Change> {
    diff.changes
        .iter()
        .filter(|change| !is_admitted(change.kind, change.breaking, diff, policy, accept))
        .collect()
}

fn is_admitted(
    kind: ChangeKind,
    breaking: bool,
    diff: &SchemaDiff,
    policy: &Policy,
    accept: &[Acceptance],
) -> bool {
    if accept.iter().any(|accepted| accepted.covers(kind)) {
        return true;
    }
    if kind == ChangeKind::RowsLost
        && let Some(max) = policy.max_row_loss
    {
        return share_lost(diff.row_count) <= max;
    }
    match policy.action(kind) {
        Some(action) => action == PolicyAction::Allow,
        None if kind == ChangeKind::ColumnRenamed => {
            is_admitted(ChangeKind::ColumnRemoved, true, diff, policy, accept)
                && is_admitted(ChangeKind::ColumnAdded, false, diff, policy, accept)
        }
        None => !breaking,
    }
}

/// The share of the rows that are lost, from 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "a share need not be exact")]
fn share_lost(rows: Difference) -> f64 {
    match (rows.from, rows.to) {
        (Some(from), Some(to)) if to < from => (from - to) as f64 / from as f64,
        _ => 0.0,
    }
}
