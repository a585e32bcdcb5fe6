//! Memory use of the server does not grow with the inspected file, however large, wide or hostile it is.
//!
//! The server is one process with its worker and the embedded S3, so that its peak bounds that of a worker.

mod kinds;

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use reqwest::header::CONTENT_LENGTH;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{MIB, System};

/// Bytes of each line and of the header, so that every part ends with a whole line.
const LINE: usize = 64;

/// Bytes of a chunk.
const CHUNK: usize = 64 * 1024;

/// Parts that are sent in parallel.
const CONCURRENCY: usize = 6;

/// Maximum peak memory of the server, in MiB.
const MAX_PEAK_MIB: u64 = 100;

fn line(text: &str) -> Vec<u8> {
    format!("{text:x<width$}\n", width = LINE - 1).into_bytes()
}

/// A part of a file with a header line, streamed in chunks.
fn body(length: usize, first: bool) -> reqwest::Body {
    let rows = Bytes::from(line("1234567,2026-01-31,3.25,true,").repeat(CHUNK / LINE));
    let mut start = rows.to_vec();
    start[..LINE].copy_from_slice(&line("number,day,value,flag,text"));
    let start = if first {
        Bytes::from(start)
    } else {
        rows.clone()
    };
    let chunks = std::iter::once(start)
        .chain(std::iter::repeat(rows))
        .take(length / CHUNK);
    reqwest::Body::wrap_stream(stream::iter(chunks.map(Ok::<_, std::io::Error>)))
}

async fn upload(system: &System, dataset_id: Uuid, size: usize) -> Result<Uuid> {
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let request = json!({ "filename": "rows.csv", "file_size": size, "content_type": "text/csv" });
    let response: Value = system
        .request(Method::POST, &path)
        .json(&request)
        .send()
        .await?
        .json()
        .await?;
    let urls: Vec<String> = serde_json::from_value(response["urls"].clone())?;
    let part_size = usize::try_from(response["part_size"].as_u64().context("no part size")?)?;
    anyhow::ensure!(
        part_size * urls.len() == size && part_size % CHUNK == 0,
        "unexpected number of parts"
    );
    let puts = urls.iter().enumerate().map(|(index, url)| async move {
        let request = system
            .http
            .put(url)
            .header(CONTENT_LENGTH, part_size)
            .body(body(part_size, index == 0));
        request.send().await?.error_for_status()?;
        Ok::<_, anyhow::Error>(())
    });
    stream::iter(puts)
        .buffer_unordered(CONCURRENCY)
        .try_collect::<()>()
        .await?;
    response["job_id"]
        .as_str()
        .context("no job")?
        .parse()
        .map_err(Into::into)
}

/// Peak memory of a process, in MiB; `None` if the system does not report it.
fn peak(process: u32) -> Result<Option<u64>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("no VmHWM")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(Some(kib / 1024))
}

async fn upload_and_inspect(size: usize) -> Result<()> {
    let system = System::start_with(&[("--part-size", "16MiB"), ("--single-part-limit", "16MiB")])?;
    let dataset_id = system.dataset("large").await?;
    let job_id = upload(&system, dataset_id, size).await?;
    let after_upload = peak(system.server.id())?;
    system
        .client
        .api()
        .complete_presigned_reupload()
        .dataset_id(dataset_id)
        .job_id(job_id)
        .send()
        .await?;
    let job = system.client.wait(job_id).await?;
    assert_eq!(job.progress.rows, Some(i64::try_from(size / LINE - 1)?));
    let Some(peak_mib) = peak(system.server.id())? else {
        return Ok(());
    };
    println!(
        "{} MiB: peak of {after_upload:?} MiB after the upload, {peak_mib} MiB after the inspection",
        size / MIB
    );
    assert!(
        peak_mib < MAX_PEAK_MIB,
        "the server took {peak_mib} MiB for a file of {} MiB",
        size / MIB
    );
    Ok(())
}

#[tokio::test]
async fn inspecting_256_mib_needs_under_100_mib() -> Result<()> {
    upload_and_inspect(256 * MIB).await
}

#[tokio::test]
async fn inspecting_2_gib_needs_under_100_mib() -> Result<()> {
    if std::env::var_os("RESTOW_TEST_FULL").is_none() {
        println!("skipped: takes long; set RESTOW_TEST_FULL to run it");
        return Ok(());
    }
    upload_and_inspect(2048 * MIB).await
}
