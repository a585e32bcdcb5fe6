//! Read options, rejected content, and what a commit accepts.

use restow_sdk::generated::types::{Acceptance, ChangeKind, CommitJobRequest, ReadOptions};
use restow_sdk::{CommitPolicy, Error, ReuploadBuilder};
use serde_json::{Value, json};

use crate::fake::{DATASET, Fake, JOB, change};
use crate::reupload::{local, six_parts};

/// Large enough to be recorded, in bytes.
const RECORDED_SIZE: usize = 6 * 1024 * 1024;

fn with_delimiter(delimiter: &str) -> ReadOptions {
    ReadOptions {
        delimiter: Some(delimiter.parse().unwrap()),
        ..ReadOptions::default()
    }
}

/// Uploads under the policy `IfCompatible`. Returns whether the file was committed, and the kinds of refused changes.
async fn commits(
    fake: &Fake,
    set: impl FnOnce(ReuploadBuilder<'_>) -> ReuploadBuilder<'_>,
) -> (bool, Vec<String>) {
    let (client, local) = (fake.client(), local());
    let reupload = client
        .reupload(DATASET)
        .file(&local.path)
        .commit(CommitPolicy::IfCompatible);
    let outcome = set(reupload).send().await.unwrap();
    let kinds = outcome.refused.iter().map(|change| change.kind.to_string());
    (outcome.version.is_some(), kinds.collect())
}

/// A server that judges a file as breaking.
async fn breaking(changes: Value) -> Fake {
    let fake = six_parts().await;
    fake.state().verdict = "breaking";
    fake.state().changes = changes;
    fake
}

#[tokio::test]
async fn completion_states_the_read_options() {
    let fake = six_parts().await;
    commits(&fake, |reupload| reupload.read_options(with_delimiter(";"))).await;
    assert_eq!(
        fake.state().completion["read_options"],
        json!({"delimiter": ";"})
    );
    assert_eq!(fake.state().inspections, Vec::<Value>::new());

    let fake = six_parts().await;
    commits(&fake, |reupload| reupload).await;
    assert_eq!(fake.state().completion.get("read_options"), None);
}

#[tokio::test]
async fn rejected_file_is_an_error_with_findings() {
    let (fake, local) = (six_parts().await, local());
    fake.state().statuses = ["inspecting", "rejected"].into();
    let client = fake.client();
    let error = client.reupload(DATASET).file(&local.path).send().await;
    let error = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the content was rejected: A quote (unclosed_quote)"
    );
    let Error::JobRejected {
        job_id, preview, ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!((job_id, preview.findings[0].line), (JOB, Some(3)));
    // The job and its object are kept.
    let state = fake.state();
    assert_eq!((state.commits, state.cancels), (0, 0));
}

#[tokio::test]
async fn rejected_file_is_committed_if_accepted() {
    let fake = six_parts().await;
    fake.state().statuses = ["rejected"].into();
    let (is_committed, _) = commits(&fake, |reupload| {
        reupload.accept([Acceptance::Uninspected]).force(true)
    })
    .await;
    assert!(is_committed);
    let commit = json!({"accept": ["uninspected"], "force": true});
    assert_eq!(fake.state().commit, commit);
}

#[tokio::test]
async fn same_call_inspects_again_without_upload() {
    let (fake, local) = (Fake::start().await, local());
    std::fs::write(&local.path, vec![b'1'; RECORDED_SIZE]).unwrap();
    let state_dir = local.path.with_file_name("state");
    let client = fake.client();
    let reupload = || {
        let reupload = client.reupload(DATASET).file(&local.path);
        reupload.state_dir(&state_dir)
    };
    fake.state().statuses = ["inspecting", "rejected"].into();
    let error = reupload().send().await.unwrap_err();
    assert!(matches!(error, Error::JobRejected { .. }), "{error}");
    assert_eq!(fake.state().puts, [1]);

    fake.state().statuses = ["rejected", "inspecting", "ready"].into();
    let outcome = reupload().read_options(with_delimiter(";")).send().await;
    assert!(outcome.unwrap().version.is_some());
    let state = fake.state();
    assert_eq!(state.puts, [1], "the file was uploaded again");
    let body = json!({"read_options": {"delimiter": ";"}});
    assert_eq!(state.inspections, [body]);
}

#[tokio::test]
async fn breaking_changes_are_committed_if_accepted() {
    let changes = json!([change("column_removed", true), change("type_breaks", true)]);
    let accepted = [
        (vec![], false, vec!["column_removed", "type_breaks"]),
        (vec![Acceptance::TypeBreaks], false, vec!["column_removed"]),
        (
            vec![Acceptance::TypeBreaks, Acceptance::ColumnRemoved],
            true,
            vec![],
        ),
    ];
    for (accept, is_committed, refused) in accepted {
        let fake = breaking(changes.clone()).await;
        let found = commits(&fake, |reupload| reupload.accept(accept)).await;
        let refused: Vec<String> = refused.into_iter().map(str::to_string).collect();
        assert_eq!(found, (is_committed, refused));
    }
}

#[tokio::test]
async fn policy_of_the_dataset_admits_and_refuses() {
    let fake = breaking(json!([change("column_removed", true)])).await;
    fake.state().policy = json!({"column_removed": "allow"});
    assert!(commits(&fake, |reupload| reupload).await.0);

    let fake = six_parts().await;
    fake.state().refused = json!([change("rows_lost", false)]);
    let (is_committed, refused) = commits(&fake, |reupload| reupload).await;
    assert!(!is_committed);
    assert_eq!(refused, ["rows_lost"]);
}

#[tokio::test]
async fn unknown_columns_are_committed_only_if_stated() {
    let fake = breaking(json!([])).await;
    assert!(!commits(&fake, |reupload| reupload).await.0);
    let options = ReadOptions {
        inspect: Some(false),
        ..ReadOptions::default()
    };
    assert!(
        commits(&fake, |reupload| reupload.read_options(options))
            .await
            .0
    );
}

#[tokio::test]
async fn commit_always_accepts_every_kind() {
    let (fake, local) = (six_parts().await, local());
    fake.state().refused = json!([change("rows_lost", false)]);
    let client = fake.client();
    let outcome = client.reupload(DATASET).file(&local.path).send().await;
    assert!(outcome.unwrap().version.is_some());
    let accept = fake.state().commit["accept"].clone();
    let accept: Vec<String> = serde_json::from_value(accept).unwrap();
    for kind in ChangeKind::ALL {
        assert!(accept.contains(&kind.to_string()), "{accept:?}");
    }
}

#[tokio::test]
async fn same_bytes_return_the_current_version() {
    let (fake, local) = (six_parts().await, local());
    fake.state().is_identical = true;
    let client = fake.client();
    let outcome = client.reupload(DATASET).file(&local.path).send().await;
    let outcome = outcome.unwrap();
    assert!(outcome.is_unchanged);
    assert_eq!(outcome.version.unwrap().version, 1);
}

#[tokio::test]
async fn refused_commit_is_a_typed_error() {
    let fake = six_parts().await;
    fake.state().refused = json!([change("rows_lost", false)]);
    let client = fake.client();
    let body = CommitJobRequest::default();
    let committed = client
        .call(|| {
            client
                .api()
                .commit_job()
                .job_id(JOB)
                .body(body.clone())
                .send()
        })
        .await;
    let error = committed.unwrap_err();
    assert_eq!(error.error_type(), Some("breaking_change"));
    assert_eq!(error.to_string(), "the commit was refused: rows_lost of c");
    assert!(
        matches!(&error, Error::BreakingChange { current_version: Some(1), changes, total: 1 } if changes.len() == 1),
        "{error:?}"
    );
}
