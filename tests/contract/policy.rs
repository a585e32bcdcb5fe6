//! Policies: which changes a commit may make, and commits that the server makes by itself.

use anyhow::{Context, Result};
use reqwest::Method;
use restow_sdk::Error;
use restow_sdk::generated::types::{
    ChangeKind, CommitJobRequest, Compression, Job, JobStatus, Verdict, Version,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{System, Upload, gzip, refused_answer};

/// Sets the policy of a dataset, and returns the dataset.
async fn set_policy(system: &System, dataset_id: Uuid, policy: Value) -> Result<Value> {
    let response = system
        .request(Method::PATCH, &format!("/datasets/{dataset_id}"))
        .json(&json!({ "policy": policy }))
        .send()
        .await?;
    Ok(response.error_for_status()?.json().await?)
}

fn accepting(kinds: &Value) -> Result<CommitJobRequest> {
    Ok(serde_json::from_value(json!({ "accept": kinds }))?)
}

/// The kinds of changes for which a commit is refused.
fn refused_kinds(committed: Result<Version, Error>) -> Vec<ChangeKind> {
    match committed {
        Err(Error::BreakingChange {
            current_version,
            changes,
            total,
        }) => {
            assert_eq!((current_version, total), (Some(1), changes.len() as u64));
            changes.iter().map(|change| change.kind).collect()
        }
        other => panic!("409 breaking_change was expected: {other:?}"),
    }
}

async fn publish(system: &System, dataset_id: Uuid, content: &'static str) -> Result<()> {
    system
        .publish(dataset_id, "rows.csv", content.into())
        .await?;
    Ok(())
}

/// A reupload that is to be committed by itself.
async fn automatic(
    system: &System,
    dataset_id: Uuid,
    content: &'static str,
) -> Result<(Upload, Job)> {
    let completion = json!({ "commit": true });
    system
        .prepare_with(dataset_id, "rows.csv", content, completion)
        .await
}

#[tokio::test]
async fn breaking_change_is_refused_unless_accepted() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("default").await?;
    publish(&system, dataset_id, "id,city\n1,Bern\n2,Ulm\n").await?;
    let upload = system
        .prepare(dataset_id, "rows.csv", "id,new\n1.5,x\n".into())
        .await?;
    let diff = upload.preview().await?.schema_diff;
    assert_eq!(diff.verdict, Verdict::Breaking);
    let kinds = refused_kinds(upload.commit_with(CommitJobRequest::default()).await);
    assert_eq!(kinds, [ChangeKind::ColumnRemoved, ChangeKind::TypeBreaks]);
    assert_eq!(upload.job().await?.status, JobStatus::Ready);

    let some = accepting(&json!(["type_breaks"]))?;
    let kinds = refused_kinds(upload.commit_with(some).await);
    assert_eq!(kinds, [ChangeKind::ColumnRemoved]);
    let all = accepting(&json!(["type_breaks", "column_removed"]))?;
    assert_eq!(upload.commit_with(all).await?.version, 2);
    Ok(())
}

#[tokio::test]
async fn policy_allows_and_refuses_kinds() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("kinds").await?;
    publish(&system, dataset_id, "id\n1\n2\n3\n4\n").await?;
    let policy = json!({ "column_added": "refuse", "type_breaks": "allow", "max_row_loss": 0.25 });
    let dataset = set_policy(&system, dataset_id, policy.clone()).await?;
    assert_eq!(dataset["policy"]["column_added"], "refuse");
    assert_eq!(dataset["policy"]["max_row_loss"], 0.25);
    assert_ne!(dataset["updated_at"], dataset["created_at"]);
    for (content, kind) in [
        (
            "id,more\n1,1\n2,2\n3,3\n4,4\n",
            Some(ChangeKind::ColumnAdded),
        ),
        ("id\n1\n", Some(ChangeKind::RowsLost)),
        ("id\n1\n2\n3.5\n", None),
    ] {
        let upload = system
            .prepare(dataset_id, "rows.csv", content.into())
            .await?;
        let committed = upload.commit_with(CommitJobRequest::default()).await;
        let Some(kind) = kind else {
            assert_eq!(committed?.version, 2);
            continue;
        };
        assert_eq!(refused_kinds(committed), [kind], "{content}");
    }
    let reset = set_policy(&system, dataset_id, json!({})).await?;
    assert_eq!(reset["policy"], json!({ "auto_commit": false }));
    let response = system
        .request(Method::PATCH, &format!("/datasets/{dataset_id}"))
        .json(&json!({ "policy": { "max_row_loss": 2, "type_fits": "perhaps" } }))
        .send()
        .await?;
    refused_answer(response, 422, "enum").await?;
    Ok(())
}

#[tokio::test]
async fn compression_of_the_file_is_part_of_its_format() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("compressed").await?;
    publish(&system, dataset_id, "id,city\n1,Bern\n").await?;
    let packed = gzip(b"id,city\n1,Bern\n2,Ulm\n")?;
    let upload = system
        .prepare(dataset_id, "rows.csv.gz", packed.clone())
        .await?;
    let preview = upload.preview().await?;
    assert_eq!(preview.format.as_deref(), Some("csv"));
    let dialect = preview.dialect.context("no dialect")?;
    assert_eq!(dialect.compression, Some(Compression::Gzip));
    let kinds = refused_kinds(upload.commit_with(CommitJobRequest::default()).await);
    assert_eq!(kinds, [ChangeKind::FormatChanged]);
    let change = &preview.schema_diff.changes[0];
    assert_eq!(
        (&change.from, &change.to),
        (&Some(json!("csv")), &Some(json!("csv.gz")))
    );
    let accepted = accepting(&json!(["format_changed"]))?;
    assert_eq!(upload.commit_with(accepted).await?.version, 2);
    assert_eq!(system.read(dataset_id).await?, packed);

    // Also of what is not read, by its name: readers have it before them all the same.
    let unread = json!({ "read_options": { "inspect": false }, "commit": true });
    let (_, job) = system
        .prepare_with(dataset_id, "rows.csv", "id,city\n", unread)
        .await?;
    let error = job.error.context("no reason")?;
    assert_eq!(error.ctx["changes"][0]["kind"], "format_changed");
    assert_eq!(job.status, JobStatus::Ready);
    Ok(())
}

#[tokio::test]
async fn stated_compression_is_believed_and_remembered() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("stated").await?;
    let packed = |rows: &str| gzip(rows.as_bytes());
    let (upload, job) = system
        .prepare_with(dataset_id, "rows.csv", packed("id\n1\n")?, json!({}))
        .await?;
    assert_eq!(job.status, JobStatus::Rejected);
    let suggestion = upload.preview().await?.findings[0].suggestion.clone();
    assert_eq!(suggestion.as_deref(), Some("compression=gzip"));
    upload.inspect(json!({ "compression": "gzip" })).await?;
    assert_eq!(upload.settled().await.status, JobStatus::Ready);
    assert_eq!(upload.commit().await?.row_count, Some(1));
    // The next night needs no option, and a file of another name says itself how it is compressed.
    let completion = json!({ "commit": true });
    let (_, job) = system
        .prepare_with(dataset_id, "rows.csv", packed("id\n1\n2\n")?, completion)
        .await?;
    assert_eq!((job.status, job.version), (JobStatus::Committed, Some(2)));
    let content = packed("id\n3\n")?;
    let named = system.prepare(dataset_id, "rows.csv.gz", content).await?;
    assert_eq!(named.preview().await?.row_count, Some(1));
    assert!(
        named
            .preview()
            .await?
            .schema_diff
            .changes
            .iter()
            .all(|change| !change.breaking)
    );
    Ok(())
}

#[tokio::test]
async fn completion_commits_what_the_policy_admits() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("automatic").await?;
    let (_, first) = automatic(&system, dataset_id, "id\n1\n").await?;
    assert_eq!(
        (first.status, first.version),
        (JobStatus::Committed, Some(1))
    );
    let (refused, second) = automatic(&system, dataset_id, "id\nx\n").await?;
    assert_eq!((second.status, second.version), (JobStatus::Ready, None));
    let error = second.error.context("no reason")?;
    assert_eq!(error.type_, "breaking_change");
    assert_eq!(error.ctx["changes"][0]["kind"], "type_breaks");
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    assert_eq!(refused.commit().await?.version, 2);
    assert!(refused.job().await?.error.is_none());
    Ok(())
}

#[tokio::test]
async fn dataset_commits_its_jobs_by_itself() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("nightly").await?;
    set_policy(&system, dataset_id, json!({ "auto_commit": true })).await?;
    for (content, version) in [("id,n\n1,2.5\n", 1), ("id,n\n1,3\n", 2), ("id,n\n1,\n", 3)] {
        let (_, job) = system
            .prepare_with(dataset_id, "rows.csv", content, json!({}))
            .await?;
        assert_eq!(
            (job.status, job.version),
            (JobStatus::Committed, Some(version))
        );
    }
    let (upload, job) = system
        .prepare_with(dataset_id, "rows.csv", "id,n\n1\n", json!({}))
        .await?;
    assert_eq!(job.status, JobStatus::Rejected);
    // What is inspected again is committed, too.
    upload.inspect(json!({ "inspect": false })).await?;
    assert_eq!(upload.settled().await.status, JobStatus::Committed);
    Ok(())
}

#[tokio::test]
async fn moved_dataset_is_not_committed_to() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("moved").await?;
    let late = system
        .begin(dataset_id, "rows.csv", "id\n1\n".into())
        .await?;
    late.put_all().await?;
    publish(&system, dataset_id, "id\n2\n").await?;
    let completion = serde_json::from_value(json!({ "commit": true }))?;
    late.complete_with(completion).await?;
    let job = late.settled().await;
    assert_eq!(job.status, JobStatus::Ready);
    let error = job.error.context("no reason")?;
    assert_eq!(error.type_, "version_conflict");
    assert_eq!(error.ctx["current_version"], json!(1));
    Ok(())
}

#[tokio::test]
async fn unknown_columns_are_committed_only_on_purpose() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("slow").await?;
    publish(&system, dataset_id, "id\n1\n").await?;
    let variable = ("RESTOW_INSPECT_TIMEOUT".to_string(), "1us".to_string());
    let system = system.kill_and_restart_with(vec![variable]).await?;
    let (upload, job) = automatic(&system, dataset_id, "id\n1\n2\n").await?;
    assert_eq!(job.status, JobStatus::Ready);
    assert_eq!(job.error.context("no reason")?.type_, "breaking_change");
    let preview = upload.preview().await?;
    assert_eq!(preview.findings[0].type_.to_string(), "inspection_bounded");
    assert_eq!(preview.schema_diff.verdict, Verdict::Breaking);
    let refused = upload.commit_with(CommitJobRequest::default()).await;
    assert_eq!(refused_kinds(refused), []);
    let accepted = accepting(&json!(["uninspected"]))?;
    let version = upload.commit_with(accepted).await?;
    assert_eq!((version.version, version.row_count), (2, None));
    Ok(())
}
