//! Inspections: the reported content, and jobs whose content is invalid.

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::future::try_join_all;
use restow_sdk::generated::types::{
    Column, ColumnType, JobPhase, JobStatus, Preview, SchemaDiff, Verdict,
};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{System, Upload, csv, parquet};

/// The first bytes of a PNG.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

async fn preview(system: &System, upload: &Upload) -> Result<Preview> {
    Ok(system
        .client
        .api()
        .get_preview()
        .job_id(upload.job_id)
        .send()
        .await?
        .into_inner())
}

fn names(columns: &[Column]) -> Vec<(&str, ColumnType)> {
    columns
        .iter()
        .map(|column| (column.name.as_str(), column.type_))
        .collect()
}

async fn publish(system: &System, dataset_id: Uuid, content: &'static str) -> Result<()> {
    system
        .publish(
            dataset_id,
            "rows.csv",
            Bytes::from_static(content.as_bytes()),
        )
        .await?;
    Ok(())
}

/// The kinds of changes, and the columns that they concern.
fn changes(diff: &SchemaDiff) -> Vec<(String, Option<&str>)> {
    let changes = diff.changes.iter();
    changes
        .map(|change| (change.kind.to_string(), change.column.as_deref()))
        .collect()
}

#[tokio::test]
async fn preview_shows_columns_rows_and_schema_diff() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("diff").await?;
    publish(&system, dataset_id, "id,height,city\n1,3,Bern\n2,4,\n").await?;
    let content = "id,height,measured\n1,3.5,2026-01-01\n2,,2026-01-02\n3,1,2026-01-03\n";
    let upload = system
        .prepare(
            dataset_id,
            "rows.csv",
            Bytes::from_static(content.as_bytes()),
        )
        .await?;
    let preview = preview(&system, &upload).await?;
    assert_eq!(
        (preview.job_id, preview.format.as_deref(), preview.row_count),
        (upload.job_id, Some("csv"), Some(3))
    );
    assert_eq!(
        names(&preview.columns),
        [
            ("id", ColumnType::Integer),
            ("height", ColumnType::Float),
            ("measured", ColumnType::Date)
        ]
    );
    assert_eq!(
        preview
            .columns
            .iter()
            .map(|column| column.nulls)
            .collect::<Vec<_>>(),
        [Some(0), Some(1), Some(0)]
    );
    assert_eq!(
        json!(preview.sample),
        json!([
            [1, 3.5, "2026-01-01"],
            [2, null, "2026-01-02"],
            [3, 1, "2026-01-03"]
        ])
    );
    let diff = preview.schema_diff;
    assert_eq!(
        (diff.current_version, diff.verdict),
        (Some(1), Verdict::Breaking)
    );
    let mut changes = changes(&diff);
    changes.sort();
    assert_eq!(
        changes,
        [
            ("column_added".to_string(), Some("measured")),
            ("column_removed".to_string(), Some("city")),
            ("nulls_appeared".to_string(), Some("height")),
            ("type_breaks".to_string(), Some("height")),
        ]
    );

    let version = upload.commit().await?;
    assert_eq!(
        (names(&version.columns), version.row_count),
        (names(&preview.columns), Some(3))
    );
    Ok(())
}

#[tokio::test]
async fn preview_compares_with_the_version_at_the_beginning() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("moving").await?;
    let upload = system
        .prepare(dataset_id, "rows.csv", Bytes::from_static(b"a,b\n1,2\n"))
        .await?;
    let before = preview(&system, &upload).await?.schema_diff;
    assert_eq!(
        (before.current_version, before.verdict),
        (None, Verdict::Compatible)
    );
    publish(&system, dataset_id, "a\n1\n").await?;
    let after = preview(&system, &upload).await?.schema_diff;
    assert_eq!((after.current_version, changes(&after)), (None, vec![]));

    // Also after the commit.
    let next = system
        .prepare(dataset_id, "rows.csv", Bytes::from_static(b"a,b\n1,2\n"))
        .await?;
    let expected = (Some(1), vec![("column_added".to_string(), Some("b"))]);
    for _ in 0..2 {
        let diff = preview(&system, &next).await?.schema_diff;
        assert_eq!((diff.current_version, changes(&diff)), expected);
        next.commit().await?;
    }
    Ok(())
}

#[tokio::test]
async fn uploader_commits_only_compatible_data() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("policy").await?;
    publish(&system, dataset_id, "a,b\n1,2\n").await?;
    let directory = tempfile::tempdir()?;
    let source = directory.path().join("rows.csv");
    for (content, committed) in [("a\n1\n", false), ("a,b,c\n1,2,3\n", true)] {
        std::fs::write(&source, content)?;
        let reupload = system
            .client
            .reupload(dataset_id)
            .file(&source)
            .state_dir(directory.path());
        let done = reupload
            .commit(restow_sdk::CommitPolicy::IfCompatible)
            .send()
            .await?;
        assert_eq!(done.version.is_some(), committed, "{content}");
    }
    Ok(())
}

#[tokio::test]
async fn column_type_fits_every_row() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("types").await?;
    let mut content = "n\n".to_string() + &"1\n".repeat(300_000);
    content.push_str("not a number\n");
    let upload = system
        .prepare(dataset_id, "rows.csv", content.into())
        .await?;
    let preview = preview(&system, &upload).await?;
    assert_eq!(
        (names(&preview.columns), preview.row_count),
        (vec![("n", ColumnType::String)], Some(300_001))
    );
    assert!(!preview.sample.is_empty());
    Ok(())
}

#[tokio::test]
async fn ndjson_and_tsv_are_inspected() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("formats").await?;
    let ndjson = "{\"a\": 1, \"b\": {\"c\": []}}\n{\"a\": null, \"d\": true}\n";
    for filename in ["rows.ndjson", "rows.jsonl"] {
        let upload = system
            .prepare(dataset_id, filename, Bytes::from_static(ndjson.as_bytes()))
            .await?;
        let preview = preview(&system, &upload).await?;
        assert_eq!(
            (preview.format.as_deref(), preview.row_count),
            (Some("ndjson"), Some(2))
        );
        assert_eq!(
            names(&preview.columns),
            [
                ("a", ColumnType::Integer),
                ("b", ColumnType::Object),
                ("d", ColumnType::Boolean)
            ]
        );
    }
    let upload = system
        .prepare(
            dataset_id,
            "rows.TSV",
            Bytes::from_static(b"a\tb\n1\tx,y\n"),
        )
        .await?;
    let preview = preview(&system, &upload).await?;
    assert_eq!(
        (preview.format.as_deref(), preview.row_count),
        (Some("tsv"), Some(1))
    );
    assert_eq!(json!(preview.sample), json!([[1, "x,y"]]));
    Ok(())
}

#[tokio::test]
async fn parquet_is_compared_with_csv() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("parquet").await?;
    publish(&system, dataset_id, "number,word\n1,one\n").await?;
    let upload = system
        .prepare(
            dataset_id,
            "rows.parquet",
            parquet(&[7, -8, i64::from(i32::MAX)])?,
        )
        .await?;
    let preview = preview(&system, &upload).await?;
    assert_eq!(
        (preview.format.as_deref(), preview.row_count),
        (Some("parquet"), Some(3))
    );
    assert_eq!(names(&preview.columns), [("number", ColumnType::Integer)]);
    assert_eq!(json!(preview.sample), json!([[7], [-8], [i32::MAX]]));
    let changes = changes(&preview.schema_diff);
    assert!(changes.contains(&("column_removed".to_string(), Some("word"))));
    assert!(changes.contains(&("format_changed".to_string(), None)));
    upload.commit().await?;
    assert_eq!(system.read(dataset_id).await?, upload.content);
    Ok(())
}

#[tokio::test]
async fn mismatch_rejects_only_its_job() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("mismatch").await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let objects = system.bucket().objects().await?;
    let (upload, job) = system
        .prepare_with(dataset_id, "rows.csv", PNG, json!({}))
        .await?;
    assert_eq!(
        (job.status, job.progress.phase, job.version),
        (JobStatus::Rejected, JobPhase::Done, None)
    );
    let error = job.error.context("no reason")?;
    assert_eq!(error.type_, "content_mismatch");
    assert!(error.msg.contains("png"), "{}", error.msg);
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    assert_eq!(system.read(dataset_id).await?, csv(1));
    upload.cancel().await?;
    system.reap(&[])?;
    assert_eq!(system.bucket().objects().await?, objects);
    Ok(())
}

#[tokio::test]
async fn unknown_format_becomes_a_version() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("opaque").await?;
    for (filename, format) in [("a.xyz", Some("xyz")), ("none", None)] {
        let upload = system
            .prepare(dataset_id, filename, Bytes::from_static(PNG))
            .await?;
        let preview = preview(&system, &upload).await?;
        assert_eq!(
            (preview.format.as_deref(), preview.row_count),
            (format, None)
        );
        assert!(preview.columns.is_empty() && preview.sample.is_empty());
        let version = upload.commit().await?;
        assert_eq!(
            (version.row_count, version.file_size),
            (None, i64::try_from(PNG.len())?)
        );
    }
    Ok(())
}

#[tokio::test]
async fn ten_concurrent_jobs_are_all_inspected() -> Result<()> {
    let system = System::start_with(&[("--worker-concurrency", "3")])?;
    let datasets = try_join_all((0..10).map(|number| {
        let system = &system;
        async move { system.dataset(&format!("dataset {number}")).await }
    }))
    .await?;
    let versions = try_join_all((0..).zip(&datasets).map(|(number, dataset_id)| {
        let system = &system;
        async move {
            system
                .publish(*dataset_id, "rows.csv", csv(20_000 + number))
                .await
        }
    }))
    .await?;
    for (number, (version, dataset_id)) in (0..).zip(versions.iter().zip(datasets)) {
        assert_eq!(version.row_count, Some(20_000 + number));
        assert_eq!(
            system.read(dataset_id).await?,
            csv(usize::try_from(20_000 + number)?)
        );
    }
    Ok(())
}

#[tokio::test]
async fn separate_worker_inspects_jobs() -> Result<()> {
    let system = System::start_with(&[("--no-worker", "")])?;
    let dataset_id = system.dataset("worker").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(5)).await?;
    upload.put(1).await?;
    upload.complete(Vec::new()).await?;
    let job = upload.job().await?;
    assert_eq!(
        (job.status, job.progress.phase),
        (JobStatus::Inspecting, JobPhase::Inspect)
    );
    let mut worker = tokio::process::Command::new(crate::fixture::executable())
        .args(["server", "worker", "--data-dir"])
        .arg(system.server.data_dir())
        .envs(system.environment())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    assert_eq!(upload.wait().await?.progress.rows, Some(5));
    worker.kill().await?;
    worker
        .id()
        .map_or(Ok(()), |_| Err(()))
        .ok()
        .context("the worker lives")?;
    Ok(())
}

/// The same system, whose inspections may take this long.
async fn with_inspect_timeout(system: System, timeout: &str) -> Result<System> {
    let variable = ("RESTOW_INSPECT_TIMEOUT".to_string(), timeout.to_string());
    system.kill_and_restart_with(vec![variable]).await
}

#[tokio::test]
async fn inspection_beyond_its_time_is_ready() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("slow").await?;
    publish(&system, dataset_id, "id\n1\n").await?;
    let system = with_inspect_timeout(system, "1us").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(3)).await?;
    let found = preview(&system, &upload).await?;
    assert_eq!(
        (found.format.as_deref(), found.row_count),
        (Some("csv"), None)
    );
    assert!(found.columns.is_empty() && found.sample.is_empty());
    let diff = found.schema_diff;
    assert_eq!((diff.verdict, diff.changes.len()), (Verdict::Breaking, 0));
    let version = upload.commit().await?;
    assert_eq!((version.version, version.row_count), (2, None));
    assert_eq!(system.read(dataset_id).await?, csv(3));

    let system = with_inspect_timeout(system, "0").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(4)).await?;
    let found = preview(&system, &upload).await?;
    assert_eq!(found.row_count, Some(4));
    // The schema is still that of the first version.
    assert_eq!(found.schema_diff.verdict, Verdict::Breaking);
    Ok(())
}
