//! A client that is killed at random and resumed.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use restow_sdk::generated::types::JobStatus;
use serde_json::Value;
use uuid::Uuid;

use super::Local;
use crate::fixture::{FaultyLine, PART_SIZE, executable, noise};

/// Parts of each upload.
const PARTS: usize = 6;

const SEEDS: u64 = 20;

/// Maximum time in milliseconds between a request and the kill of its client.
const LONGEST_RESPITE: u64 = 30;

fn push(line: &FaultyLine, local: &Local, dataset_id: Uuid) -> Command {
    let mut command = Command::new(executable());
    command
        .args([
            "restow",
            "push",
            "--json",
            "--dataset",
            &dataset_id.to_string(),
        ])
        .arg(&local.path);
    command
        .env("RESTOW_ENDPOINT", line.system.client.endpoint())
        .env("RESTOW_TOKEN", line.system.server.token());
    command
        .env("XDG_STATE_HOME", local.state_dir())
        .env("HOME", local.directory.path());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Number of PUTs of parts so far.
fn puts(line: &FaultyLine) -> usize {
    line.proxy
        .seen()
        .iter()
        .filter(|seen| seen.upload_id.is_some() && seen.forwarded)
        .count()
}

/// Kills a client shortly after it has started to send this many parts; `false` if it ended before.
async fn kill(line: &FaultyLine, client: &mut Child, random: &mut StdRng) -> Result<bool> {
    let (before, wanted) = (puts(line), random.random_range(0..PARTS));
    while puts(line) < before + wanted && client.try_wait()?.is_none() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(
        random.random_range(0..LONGEST_RESPITE),
    ))
    .await;
    let is_alive = client.try_wait()?.is_none();
    client.kill()?;
    client.wait()?;
    Ok(is_alive)
}

/// The open job of a dataset, if there is one, and the parts that S3 holds of it.
async fn held(line: &FaultyLine, dataset_id: Uuid) -> Result<Option<(Uuid, BTreeSet<u32>)>> {
    let api = line.system.client.api();
    let open = api
        .list_jobs()
        .dataset_id(dataset_id)
        .status(JobStatus::AwaitingUpload)
        .send()
        .await?;
    let Some(job) = open.items.first() else {
        return Ok(None);
    };
    let parts = api.list_parts().job_id(job.id).send().await?;
    let numbers = parts
        .items
        .iter()
        .map(|part| Ok(u32::try_from(part.part_number)?));
    Ok(Some((job.id, numbers.collect::<Result<_>>()?)))
}

async fn survives(line: &FaultyLine, seed: u64) -> Result<bool> {
    let mut random = StdRng::seed_from_u64(seed);
    let local = Local::new(&noise((PARTS - 1) * PART_SIZE + 17, seed))?;
    let dataset_id = line.system.dataset(&format!("seed {seed}")).await?;
    let mut sent_before = Vec::new();
    for _ in 0..random.random_range(1..=3) {
        if !kill(
            line,
            &mut push(line, &local, dataset_id).spawn()?,
            &mut random,
        )
        .await?
        {
            // It ended, and another call would start anew.
            return Ok(false);
        }
        if let Some((job_id, held)) = held(line, dataset_id).await? {
            sent_before.push((held, job_id, line.puts(job_id).len()));
        }
    }
    let output = push(line, &local, dataset_id).output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let told: Value = serde_json::from_slice(&output.stdout)?;
    for (held, job_id, count) in &sent_before {
        let again = line
            .puts(*job_id)
            .into_iter()
            .skip(*count)
            .filter(|number| held.contains(number));
        ensure!(again.count() == 0, "what S3 held was sent again: {told}");
    }
    if let Some((held, job_id, _)) = sent_before.last() {
        ensure!(
            told["job_id"] == job_id.to_string(),
            "another job than {job_id}: {told}"
        );
        let at_least = held
            .iter()
            .filter(|number| **number as usize != PARTS)
            .count()
            * PART_SIZE;
        ensure!(
            told["bytes_held"].as_u64().context("no number")? >= at_least as u64,
            "{held:?}: {told}"
        );
    }
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(true)
}

#[tokio::test]
async fn killed_client_resumes_without_resending() -> Result<()> {
    let line = FaultyLine::start()?;
    let mut killed = 0;
    for seed in 1..=SEEDS {
        killed += u64::from(
            survives(&line, seed)
                .await
                .with_context(|| format!("seed {seed}"))?,
        );
    }
    ensure!(
        killed > SEEDS / 2,
        "only {killed} clients were killed in the middle"
    );
    Ok(())
}
