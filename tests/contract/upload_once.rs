//! A large file whose delimiter was stated wrong: however often it is read, it is uploaded once.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use restow_sdk::Error;
use restow_sdk::generated::types::{ColumnType, InspectJobRequest, JobStatus};
use serde_json::json;

use crate::fixture::{FaultyLine, MIB, eventually};

/// Bytes of each line with its line feed.
const LINE: usize = 64;

/// Writes a table of `size` bytes with semicolons between fields.
fn write(path: &Path, size: usize) -> Result<()> {
    let mut file = BufWriter::with_capacity(MIB, File::create(path)?);
    let header = "number;day;value;text";
    writeln!(file, "{header:x<width$}", width = LINE - 1)?;
    for row in 1..size / LINE {
        let fields = format!("{row};2026-01-31;3.25;text ");
        writeln!(file, "{fields:x<width$}", width = LINE - 1)?;
    }
    file.flush()?;
    Ok(())
}

async fn mended_delimiter_sends_nothing_again(size: usize, part_size: &str) -> Result<()> {
    let line = FaultyLine::start_with(&[("--part-size", part_size)])?;
    let (client, directory) = (&line.system.client, tempfile::tempdir()?);
    let path = directory.path().join("rows.csv");
    write(&path, size)?;
    let dataset_id = line.system.dataset("large").await?;
    let stated = client
        .reupload(dataset_id)
        .file(&path)
        .state_dir(directory.path().join("state"))
        .read_options(serde_json::from_value(json!({ "delimiter": "," }))?)
        .send()
        .await;
    let (job_id, preview) = match stated {
        Err(Error::JobRejected {
            job_id, preview, ..
        }) => (job_id, preview),
        other => panic!("the delimiter is wrong: {other:?}"),
    };
    let finding = preview.findings.first().context("no finding")?;
    assert_eq!(finding.suggestion.as_deref(), Some("delimiter=;"));
    let (bytes, parts) = (line.bytes_put(job_id), line.puts(job_id).len());
    assert_eq!(bytes, size as u64);

    let options = json!({ "read_options": { "delimiter": ";" } });
    let operation = client.api().inspect_job().job_id(job_id);
    let body: InspectJobRequest = serde_json::from_value(options)?;
    operation.body(body).send().await?;
    let job = client.wait(job_id).await?;
    assert_eq!(job.status, JobStatus::Ready);
    let preview = client.api().get_preview().job_id(job_id).send().await?;
    let types: Vec<_> = preview.columns.iter().map(|column| column.type_).collect();
    let expected = [
        ColumnType::Integer,
        ColumnType::Date,
        ColumnType::Float,
        ColumnType::String,
    ];
    assert_eq!(types, expected);
    let version = client.api().commit_job().job_id(job_id).send().await?;
    assert_eq!(version.row_count, Some(i64::try_from(size / LINE - 1)?));
    assert_eq!(version.file_size, i64::try_from(size)?);

    assert_eq!(
        (line.bytes_put(job_id), line.puts(job_id).len()),
        (bytes, parts)
    );
    println!(
        "{} MiB: {parts} parts and {bytes} bytes reached S3",
        size / MIB
    );
    eventually("the version is the only object", async || {
        let objects = line.system.bucket().objects().await.ok()?;
        (objects.len() == 1).then_some(())
    })
    .await;
    ensure!(line.system.current_version(dataset_id).await? == Some(1));
    Ok(())
}

#[tokio::test]
async fn wrong_delimiter_of_24_mib_is_mended() -> Result<()> {
    mended_delimiter_sends_nothing_again(24 * MIB, "8MiB").await
}

#[tokio::test]
async fn wrong_delimiter_of_1_gib_is_mended() -> Result<()> {
    if std::env::var_os("RESTOW_TEST_FULL").is_none() {
        println!("skipped: takes a minute; set RESTOW_TEST_FULL to run it");
        return Ok(());
    }
    mended_delimiter_sends_nothing_again(1024 * MIB, "16MiB").await
}
