//! Kinds of files that are hard on memory: wide ones, Parquet, and those that were made for it.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use restow_sdk::generated::types::{Job, JobStatus};
use restow_tests::{ServerOptions, WorkerProcess};
use serde_json::json;

use super::peak;
use crate::fixture::{MIB, System, executable, gzip};

/// Maximum peak memory of a worker, in MiB.
const MAX_PEAK_MIB: u64 = 150;

/// Uploads and inspects a file, and asserts the peak. The job as the inspection leaves it.
async fn inspected_within_bounds(filename: &str, content: Bytes) -> Result<Job> {
    let system = System::start_with(&[("--part-size", "16MiB"), ("--no-worker", "")])?;
    let options = ServerOptions::new(executable(), system.server.data_dir());
    let worker = WorkerProcess::start(&options.with_environment(system.environment()))?;
    let dataset_id = system.dataset("kind").await?;
    let size = content.len();
    let (_, job) = system
        .prepare_with(dataset_id, filename, content, json!({}))
        .await?;
    if let Some(peak_mib) = peak(worker.id())? {
        let text = format!("{filename} of {} KiB: peak of {peak_mib} MiB", size / 1024);
        println!("{text}");
        assert!(peak_mib < MAX_PEAK_MIB, "{text}");
    }
    Ok(job)
}

/// The code for which a file is rejected.
fn reason(job: Job) -> Result<String> {
    assert_eq!(job.status, JobStatus::Rejected);
    Ok(job.error.context("no reason")?.type_)
}

/// Rows of 10,000 columns, each with values of its own: numbers, dates and text in turn.
fn wide(rows: usize) -> String {
    const COLUMNS: usize = 10_000;
    let names = (0..COLUMNS).map(|column| format!("column {column}"));
    let mut text = names.collect::<Vec<_>>().join(",");
    for row in 0..rows {
        for column in 0..COLUMNS {
            text.push(if column == 0 { '\n' } else { ',' });
            let value = row * COLUMNS + column;
            let written = match column % 3 {
                0 => write!(text, "{value}.5"),
                1 => write!(text, "20{:02}-01-{:02}", row % 100, column % 28 + 1),
                _ => write!(text, "text {value}"),
            };
            written.expect("strings can be written to");
        }
    }
    text.push('\n');
    text
}

/// A file of so many row groups of 250,000 rows: numbers without order, and a text for each that no other row has.
fn large_parquet(groups: usize, properties: WriterProperties) -> Result<Vec<u8>> {
    const ROWS: usize = 250_000;
    let schema = "message rows { required int64 number; required binary text (UTF8); }";
    let schema = Arc::new(parse_message_type(schema)?);
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties))?;
    for group in 0..groups {
        let numbers = (0..ROWS).map(|row| (group * ROWS + row) as u64);
        let numbers: Vec<u64> = numbers
            .map(|row| row.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .collect();
        let texts: Vec<ByteArray> = numbers
            .iter()
            .map(|number| {
                format!("the text of number {number:020}")
                    .into_bytes()
                    .into()
            })
            .collect();
        let numbers: Vec<i64> = numbers.into_iter().map(u64::cast_signed).collect();
        let mut row_group = writer.next_row_group()?;
        let mut column = row_group.next_column()?.context("no column")?;
        column
            .typed::<Int64Type>()
            .write_batch(&numbers, None, None)?;
        column.close()?;
        let mut column = row_group.next_column()?.context("no column")?;
        column
            .typed::<ByteArrayType>()
            .write_batch(&texts, None, None)?;
        column.close()?;
        row_group.close()?;
    }
    writer.close()?;
    Ok(file)
}

#[tokio::test]
async fn inspecting_10000_columns_needs_under_150_mib() -> Result<()> {
    let job = inspected_within_bounds("wide.csv", wide(400).into()).await?;
    assert_eq!(
        (job.status, job.progress.rows),
        (JobStatus::Ready, Some(400))
    );
    Ok(())
}

#[tokio::test]
async fn inspecting_large_parquet_needs_under_150_mib() -> Result<()> {
    let content = large_parquet(10, WriterProperties::default())?;
    let job = inspected_within_bounds("large.parquet", content.into()).await?;
    let rows = job.progress.rows;
    assert_eq!((job.status, rows), (JobStatus::Ready, Some(2_500_000)));
    Ok(())
}

/// One page of a row group, which has to be in memory as a whole.
#[tokio::test]
async fn inspecting_huge_pages_needs_under_150_mib() -> Result<()> {
    let pages = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_data_page_size_limit(256 * MIB)
        .set_data_page_row_count_limit(usize::MAX)
        .set_write_batch_size(250_000);
    let content = large_parquet(4, pages.build())?;
    let job = inspected_within_bounds("pages.parquet", content.into()).await?;
    assert_eq!(job.status, JobStatus::Ready);
    Ok(())
}

#[tokio::test]
async fn inspecting_endless_record_needs_under_150_mib() -> Result<()> {
    let quoted = format!("a,b\n1,\"{}", "x, y\n".repeat(20 * MIB));
    let job = inspected_within_bounds("quoted.csv", quoted.into()).await?;
    assert_eq!(reason(job)?, "unclosed_quote");
    let line = format!("{{\"a\":[{}", "[],".repeat(20 * MIB));
    let job = inspected_within_bounds("line.ndjson", line.into()).await?;
    assert_eq!(reason(job)?, "inspection_bounded");
    Ok(())
}

#[tokio::test]
async fn inspecting_bomb_needs_under_150_mib() -> Result<()> {
    let bomb = gzip(&vec![b'\n'; 256 * MIB])?;
    let job = inspected_within_bounds("bomb.csv.gz", bomb).await?;
    assert_eq!(job.status, JobStatus::Rejected);
    Ok(())
}
