//! What policies refuse.

use restow_api::policy::PolicyAction::{Allow, Refuse};
use restow_api::version::Acceptance;
use restow_api::{Column, Policy, SchemaDiff};

use super::super::{Side, refused, schema_diff};
use super::{base, column, diff, kinds, side};

fn refusals(diff: &SchemaDiff, policy: &Policy, accept: &[Acceptance]) -> Vec<String> {
    let changes: Vec<_> = refused(diff, policy, accept).into_iter().cloned().collect();
    kinds(&changes)
}

fn removed_and_added() -> SchemaDiff {
    diff(
        "csv",
        &[column("a", "int64"), column("b", "int64")],
        &[column("a", "int64"), column("c", "bool")],
    )
}

#[test]
fn breaking_changes_are_refused_by_default() {
    let diff = removed_and_added();
    assert_eq!(
        refusals(&diff, &Policy::default(), &[]),
        ["!column_removed b"]
    );
    assert_eq!(
        refusals(&diff, &Policy::default(), &[Acceptance::TypeBreaks]),
        ["!column_removed b"]
    );
    assert!(refusals(&diff, &Policy::default(), &[Acceptance::ColumnRemoved]).is_empty());
}

#[test]
fn actions_go_before_the_default() {
    let policy = Policy {
        column_added: Some(Refuse),
        column_removed: Some(Allow),
        ..Policy::default()
    };
    let diff = removed_and_added();
    assert_eq!(refusals(&diff, &policy, &[]), ["column_added c"]);
    assert!(refusals(&diff, &policy, &[Acceptance::ColumnAdded]).is_empty());
}

fn lost(from: u64, to: u64) -> SchemaDiff {
    let side = |rows| Side {
        row_count: Some(rows),
        ..side("csv", &[])
    };
    schema_diff(Some(&base(side(from))), &side(to))
}

#[test]
fn lost_rows_are_refused_beyond_the_share() {
    let policy = |rows_lost, max_row_loss| Policy {
        rows_lost,
        max_row_loss,
        ..Policy::default()
    };
    let is_refused = |policy: &Policy, to| !refusals(&lost(100, to), policy, &[]).is_empty();
    assert!(!is_refused(&policy(None, None), 0));
    assert!(is_refused(&policy(Some(Refuse), None), 99));
    for action in [None, Some(Allow), Some(Refuse)] {
        let policy = policy(action, Some(0.1));
        assert!(!is_refused(&policy, 90));
        assert!(is_refused(&policy, 89));
        assert!(!is_refused(&policy, 101));
    }
    let accepted = refusals(
        &lost(100, 0),
        &policy(None, Some(0.1)),
        &[Acceptance::RowsLost],
    );
    assert!(accepted.is_empty());
}

#[test]
fn a_guessed_rename_follows_its_parts() {
    let counted = |name: &str| Column {
        distinct: Some(restow_api::column::DistinctCount {
            value: 50,
            error: 0.0,
        }),
        ..super::ranged(name, "int64", 1, 50)
    };
    let diff = diff("csv", &[counted("a")], &[counted("b")]);
    let policy = |column_renamed, column_removed| Policy {
        column_renamed,
        column_removed,
        ..Policy::default()
    };
    assert_eq!(
        refusals(&diff, &policy(None, None), &[]),
        ["!column_renamed a"]
    );
    assert!(refusals(&diff, &policy(Some(Allow), None), &[]).is_empty());
    assert!(refusals(&diff, &policy(None, Some(Allow)), &[]).is_empty());
    assert!(refusals(&diff, &policy(None, None), &[Acceptance::ColumnRemoved]).is_empty());
    assert!(!refusals(&diff, &policy(Some(Refuse), Some(Allow)), &[]).is_empty());
}
