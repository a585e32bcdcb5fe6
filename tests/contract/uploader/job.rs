//! Jobs shared with other processes.

use std::io::Write;

use anyhow::{Context, Result, ensure};
use restow_sdk::generated::types::JobStatus;
use restow_sdk::{Error, UploadEvent};
use restow_tests::fault_proxy::{Fault, Operation};

use super::resume::{interrupt, pending};
use super::{EventLog, Local};
use crate::fixture::{FaultyLine, PART_SIZE, eventually, noise};

/// Two files of one name and size, which differ in the last part.
fn alike(seed: u64) -> Result<(Local, Local)> {
    let content = noise(3 * PART_SIZE + 100, seed);
    let mut other = content.to_vec();
    if let Some(last) = other.last_mut() {
        *last ^= 1;
    }
    Ok((Local::new(&content)?, Local::new(&other.into())?))
}

#[tokio::test]
async fn job_completed_by_another_is_not_resumed() -> Result<()> {
    let (line, (local, other)) = (FaultyLine::start()?, alike(1)?);
    let client = line.client()?;
    let dataset_id = line.system.dataset("alike").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let joined = pending(&client, dataset_id, &other).send().await?;
    ensure!(joined.job.id == job_id && line.system.read(dataset_id).await? == other.content);

    let log = EventLog::default();
    let reupload = log
        .attach(pending(&client, dataset_id, &local))
        .send()
        .await?;
    let reason = "another process completed its job".to_string();
    ensure!(
        log.events()[0] == UploadEvent::RecordReplaced { reason },
        "{:?}",
        log.events()
    );
    ensure!(
        reupload.job.id != job_id && reupload.version.is_some_and(|version| version.version == 2)
    );
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn changed_file_keeps_a_joined_job() -> Result<()> {
    let (line, local) = (
        FaultyLine::start()?,
        Local::new(&noise(3 * PART_SIZE + 100, 2))?,
    );
    let client = line.client()?;
    let dataset_id = line.system.dataset("joined").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let elsewhere = Local::new(&local.content)?;
    let mut appended = None;
    let changing = pending(&client, dataset_id, &elsewhere)
        .concurrency(1)
        .on_progress(|progress| {
            if progress.parts_done == 3 && appended.is_none() {
                let file = std::fs::File::options().append(true).open(&elsewhere.path);
                appended = Some(file.and_then(|mut file| file.write_all(b"more")));
            }
        });
    let error = changing.send().await.expect_err("the file has changed");
    ensure!(matches!(error, Error::SourceChanged(_)), "{error:?}");
    appended.context("nothing was appended")??;
    ensure!(
        client.api().get_job().job_id(job_id).send().await?.status == JobStatus::AwaitingUpload
    );

    let reupload = pending(&client, dataset_id, &local).send().await?;
    ensure!(reupload.job.id == job_id && line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn ended_job_is_reported_as_such() -> Result<()> {
    let (line, local) = (
        FaultyLine::start()?,
        Local::new(&noise(3 * PART_SIZE + 100, 3))?,
    );
    let client = line.client()?;
    let dataset_id = line.system.dataset("ended").await?;
    line.proxy
        .inject(Operation::UploadPart(3), 1.., Fault::Hang);
    let running = tokio::spawn({
        let (client, path, state_dir) = (client.clone(), local.path.clone(), local.state_dir());
        async move {
            client
                .reupload(dataset_id)
                .file(path)
                .state_dir(state_dir)
                .send()
                .await
        }
    });
    let api = client.api();
    let is_reached = || {
        line.proxy
            .seen()
            .iter()
            .any(|seen| seen.operation == Operation::UploadPart(3))
    };
    eventually("part 3 to be sent", async || is_reached().then_some(())).await;
    let job_id = api.list_jobs().dataset_id(dataset_id).send().await?.items[0].id;
    api.cancel_job().job_id(job_id).send().await?;
    line.proxy.heal();
    let error = running.await?.expect_err("the job is cancelled");
    ensure!(
        matches!(error, Error::JobEnded(JobStatus::Cancelled)),
        "{error:?}"
    );

    let reupload = pending(&client, dataset_id, &local).send().await?;
    ensure!(reupload.job.id != job_id && line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn outdated_job_makes_room_for_the_next() -> Result<()> {
    let (line, local) = (
        FaultyLine::start_with(&[("--max-open-jobs", "1")])?,
        Local::new(&noise(3 * PART_SIZE + 100, 4))?,
    );
    let client = line.client()?;
    let dataset_id = line.system.dataset("narrow").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let changed = noise(local.content.len() + 1, 5);
    std::fs::write(&local.path, &changed)?;
    let reupload = pending(&client, dataset_id, &local).send().await?;
    ensure!(reupload.job.id != job_id && line.system.read(dataset_id).await? == changed);
    Ok(())
}

#[tokio::test]
async fn refused_request_keeps_the_old_job() -> Result<()> {
    let (line, local) = (
        FaultyLine::start()?,
        Local::new(&noise(3 * PART_SIZE + 100, 6))?,
    );
    let client = line.client()?;
    let dataset_id = line.system.dataset("refused").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let refused = pending(&client, dataset_id, &local)
        .content_type("text/plain")
        .replaces(Some(7))
        .send()
        .await;
    ensure!(
        matches!(refused, Err(Error::VersionConflict { .. })),
        "{refused:?}"
    );
    let reupload = pending(&client, dataset_id, &local).send().await?;
    ensure!(reupload.job.id == job_id && line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn own_job_is_kept_despite_new_mtime() -> Result<()> {
    let (line, local) = (
        FaultyLine::start()?,
        Local::new(&noise(3 * PART_SIZE + 100, 7))?,
    );
    let client = line.client()?;
    let dataset_id = line.system.dataset("touched").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    std::fs::File::options()
        .write(true)
        .open(&local.path)?
        .set_modified(std::time::SystemTime::now())?;
    ensure!(interrupt(&line, &client, dataset_id, &local).await? == job_id);
    std::fs::write(&local.path, noise(local.content.len(), 8))?;
    let reupload = pending(&client, dataset_id, &local).send().await?;
    ensure!(reupload.job.id != job_id);
    ensure!(client.api().get_job().job_id(job_id).send().await?.status == JobStatus::Cancelled);
    Ok(())
}
