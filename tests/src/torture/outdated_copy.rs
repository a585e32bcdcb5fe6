//! A server on a copy of a backup, in the bucket of the deployment that went on, as staging would be.

use std::time::Duration;

use anyhow::{Context, Result};
use futures::TryStreamExt;
use rand::RngExt;
use rand::rngs::StdRng;
use restow_sdk::Client;
use restow_sdk::generated::types::JobStatus;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::api::Shared;
use super::backup::age;
use super::extra::Extra;
use super::report::Section;
use super::site::Site;
use crate::Postgres;
use crate::fault_proxy::Operation;

/// How long the owner of the bucket may take to confirm that it is, after a backup.
const ADVANCE_TIMEOUT: Duration = Duration::from_secs(20);

/// Hours by which a copy is older than the deployment: all that has a deadline or a grace is due.
const HOURS: u32 = 40 * 24;

/// Datasets of a copy whose jobs are cancelled.
const TRIED_DATASETS: usize = 3;

/// To assemble an upload twice is harmless, and a copy may have been taken while one was assembled.
const ALLOWED: [Operation; 1] = [Operation::CompleteMultipartUpload];

/// Runs a server on a copy of the last backup for a while. Jobs are cancelled there, and a dataset is deleted.
///
/// # Errors
/// If there is no port for its line to S3.
pub async fn run(
    site: &Site,
    shared: &Shared,
    generator: &mut StdRng,
    number: usize,
    token: &str,
) -> Result<()> {
    let Some(backup) = site.backups.last() else {
        return Ok(());
    };
    // Until then the copy is as good as the deployment's own database.
    if !is_marker_ahead(site, backup.generation).await {
        let what = "outdated copies put off until the bucket's owner goes on";
        shared.report.count(Section::Sabotage, what);
        return Ok(());
    }
    let name = format!("copy{number}");
    let lasting = Duration::from_millis(generator.random_range(5_000..10_000));
    let Ok(url) = copy(site, &backup.name, &name).await else {
        // PostgreSQL is away.
        return Ok(());
    };
    let database = ("RESTOW_DATABASE_URL".to_string(), url);
    let extra = Extra::new(
        site,
        "restored: outdated copy beside",
        &name,
        vec![database],
    )?;
    let try_out = async |url: &str| {
        // PostgreSQL may be away.
        let _ = try_out(url, token).await;
    };
    let outcome = extra.run(true, lasting, try_out).await;
    extra.judge(shared, &outcome, &ALLOWED);
    match site.generation(&name).await {
        Ok(generation) if generation != backup.generation => {
            let what = format!(
                "it went from generation {} to {generation}",
                backup.generation
            );
            extra.violate(shared, &what);
        }
        _ => {}
    }
    // It stays where PostgreSQL is away.
    let _ = site.drop_database(&name).await;
    Ok(())
}

/// Copies a backup, and has everything in it be due, as if it had been served all the while. Returns its URL.
async fn copy(site: &Site, backup: &str, name: &str) -> Result<String> {
    let socket = site.stores.postgres.socket().to_path_buf();
    let (backup, copy) = (backup.to_string(), name.to_string());
    let copying = spawn_blocking(move || Postgres::copy_idle_database(&socket, &backup, &copy));
    let url = copying.await??;
    let served = "UPDATE instance SET served_at = clock_timestamp()".to_string();
    site.sql(name, vec![age(HOURS), served]).await?;
    Ok(url)
}

/// Waits until the marker of the bucket is ahead of a generation; false where that takes too long.
async fn is_marker_ahead(site: &Site, generation: i64) -> bool {
    let bucket = site.stores.place.open();
    let begun = Instant::now();
    while begun.elapsed() < ADVANCE_TIMEOUT {
        let text = bucket.read(".restow-instance").await.unwrap_or_default();
        let found = text.split(' ').nth(1).and_then(|found| found.parse().ok());
        if found.is_some_and(|found: i64| found > generation) {
            return true;
        }
        sleep(Duration::from_millis(200)).await;
    }
    false
}

/// Cancels jobs and deletes a dataset, as one tries things out on a copy.
async fn try_out(url: &str, token: &str) -> Result<()> {
    let client = Client::new(url, token)?;
    let datasets: Vec<_> = client.api().list_datasets().stream().try_collect().await?;
    for dataset in datasets.iter().take(TRIED_DATASETS) {
        let jobs = client.api().list_jobs().dataset_id(dataset.id);
        let jobs: Vec<_> = jobs.stream().try_collect().await?;
        for job in jobs {
            if matches!(job.status, JobStatus::AwaitingUpload | JobStatus::Ready) {
                client.api().cancel_job().job_id(job.id).send().await?;
            }
        }
    }
    let last = datasets.last().context("no dataset")?;
    client
        .api()
        .delete_dataset()
        .dataset_id(last.id)
        .send()
        .await?;
    Ok(())
}
