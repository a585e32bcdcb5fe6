//! Interrupted uploads that are resumed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use restow_sdk::generated::types::{CommitJobRequest, JobStatus};
use restow_sdk::{
    CancellationToken, Client, CommitPolicy, Error, Phase, Resume, ResumedFrom, ReuploadBuilder,
    ReuploadOutcome, UploadEvent,
};
use restow_tests::fault_proxy::{Fault, Operation};
use uuid::Uuid;

use super::{EventLog, Local};
use crate::fixture::{FaultyLine, PART_SIZE, eventually, noise};

/// Parts of each upload.
const PARTS: u64 = 4;

fn local(seed: u64) -> Result<Local> {
    Local::new(&noise(3 * PART_SIZE + 100, seed))
}

pub fn pending<'a>(client: &'a Client, dataset_id: Uuid, local: &Local) -> ReuploadBuilder<'a> {
    client
        .reupload(dataset_id)
        .file(&local.path)
        .state_dir(local.state_dir())
}

/// Uploads until part 3 is refused permanently, and returns the job.
pub async fn interrupt(
    line: &FaultyLine,
    client: &Client,
    dataset_id: Uuid,
    local: &Local,
) -> Result<Uuid> {
    line.proxy.inject(
        Operation::UploadPart(3),
        1..=1,
        Fault::Refuse(405, "MethodNotAllowed"),
    );
    let mut job_id = None;
    let pending = pending(client, dataset_id, local)
        .concurrency(1)
        .on_progress(|progress| job_id = Some(progress.job_id));
    pending.send().await.expect_err("part 3 is refused");
    ensure!(line.proxy.heal() == 1);
    job_id.context("no job")
}

/// Asserts that an upload resumed a job and sent nothing twice.
async fn assert_resumed(
    line: &FaultyLine,
    local: &Local,
    job_id: Uuid,
    reupload: &ReuploadOutcome,
) -> Result<()> {
    ensure!(reupload.job.id == job_id);
    let (held, sent) = (2 * PART_SIZE as u64, PART_SIZE as u64 + 100);
    ensure!(
        (reupload.bytes_held, reupload.bytes_sent) == (held, sent),
        "{reupload:?}"
    );
    let mut puts = line.puts(job_id);
    puts.sort_unstable();
    ensure!(puts == [1, 2, 3, 3, 4], "{puts:?}");
    ensure!(line.system.read(reupload.job.dataset_id).await? == local.content);
    Ok(())
}

fn resumed(job_id: Uuid, from: ResumedFrom) -> UploadEvent {
    let (bytes_held, bytes_total) = (2 * PART_SIZE as u64, 3 * PART_SIZE as u64 + 100);
    UploadEvent::Resumed {
        job_id,
        from,
        parts_held: 2,
        parts_total: PARTS,
        bytes_held,
        bytes_total,
    }
}

#[tokio::test]
async fn next_call_sends_only_missing_parts() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(1)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("here").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let reupload = log
        .attach(pending(&client, dataset_id, &local))
        .send()
        .await?;
    ensure!(log.events() == [resumed(job_id, ResumedFrom::Record)]);
    assert_resumed(&line, &local, job_id, &reupload).await?;
    ensure!(
        std::fs::read_dir(local.state_dir().join("uploads"))?.count() == 0,
        "the record has done its work"
    );
    Ok(())
}

#[tokio::test]
async fn another_machine_resumes_from_the_server() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(2)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("elsewhere").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let elsewhere = local.directory.path().join("elsewhere");
    let reupload = log
        .attach(pending(&client, dataset_id, &local).state_dir(elsewhere))
        .send()
        .await?;
    let found = UploadEvent::Found {
        job_id,
        bytes_held: 2 * PART_SIZE as u64,
    };
    ensure!(log.events() == [found, resumed(job_id, ResumedFrom::Server)]);
    assert_resumed(&line, &local, job_id, &reupload).await
}

#[tokio::test]
async fn upload_of_bytes_is_resumed() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local(3)?);
    let client = line.client()?;
    let dataset_id = line.system.dataset("memory").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let reupload = client
        .reupload(dataset_id)
        .bytes("noise.bin", local.content.clone())
        .send()
        .await?;
    assert_resumed(&line, &local, job_id, &reupload).await
}

#[tokio::test]
async fn job_with_other_content_is_not_resumed() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(4)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("others").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let before = line.puts(job_id);
    let other = Local::new(&noise(local.content.len(), 5))?;
    let reupload = log
        .attach(pending(&client, dataset_id, &other))
        .send()
        .await?;
    ensure!(log.events().last() == Some(&UploadEvent::OtherContent { job_id }));
    ensure!(reupload.job.id != job_id && line.puts(job_id) == before);
    ensure!(line.system.read(dataset_id).await? == other.content);
    Ok(())
}

#[tokio::test]
async fn resume_never_starts_anew_without_record() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(6)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("anew").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    std::fs::remove_dir_all(local.state_dir())?;
    let reupload = log
        .attach(pending(&client, dataset_id, &local).resume(Resume::Never))
        .send()
        .await?;
    ensure!(reupload.job.id != job_id && reupload.bytes_held == 0 && log.events().is_empty());
    ensure!(!local.state_dir().exists());
    Ok(())
}

#[tokio::test]
async fn outdated_record_is_reported_and_replaced() -> Result<()> {
    let line = FaultyLine::start()?;
    let client = line.client()?;
    let api = client.api();
    for (seed, reason, status) in [
        (7, "the file has changed since", JobStatus::Cancelled),
        (8, "its job is cancelled", JobStatus::Cancelled),
        (
            9,
            "it had another filename or content type",
            JobStatus::Cancelled,
        ),
        (10, "its record cannot be read", JobStatus::AwaitingUpload),
    ] {
        let (local, log) = (local(seed)?, EventLog::default());
        let dataset_id = line.system.dataset(reason).await?;
        let job_id = interrupt(&line, &client, dataset_id, &local).await?;
        let mut pending = pending(&client, dataset_id, &local);
        match seed {
            7 => std::fs::write(&local.path, noise(local.content.len(), 70))?,
            8 => drop(api.cancel_job().job_id(job_id).send().await?),
            9 => pending = pending.content_type("text/plain"),
            _ => spoil(&local.state_dir().join("uploads"))?,
        }
        let reupload = log.attach(pending.resume(Resume::Automatic)).send().await?;
        ensure!(
            log.events()[0]
                == UploadEvent::RecordReplaced {
                    reason: reason.to_string()
                },
            "{:?}",
            log.events()
        );
        ensure!(line.system.read(dataset_id).await? == std::fs::read(&local.path)?);
        if reupload.job.id != job_id {
            let old = api.get_job().job_id(job_id).send().await?;
            ensure!(old.status == status, "{reason}: {}", old.status);
        }
    }
    Ok(())
}

/// Truncates every record in a directory to half.
fn spoil(directory: &Path) -> Result<()> {
    for record in std::fs::read_dir(directory)? {
        let path = record?.path();
        let text = std::fs::read(&path)?;
        std::fs::write(path, &text[..text.len() / 2])?;
    }
    Ok(())
}

#[tokio::test]
async fn uploaded_job_is_committed_without_resending() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(11)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("ready").await?;
    let token = CancellationToken::new();
    let stopping = pending(&client, dataset_id, &local).cancel_on(token.clone());
    let stopping = stopping.on_progress(|progress| {
        if progress.phase == Phase::Inspect {
            token.cancel();
        }
    });
    ensure!(matches!(stopping.send().await, Err(Error::Cancelled)));
    let reupload = log
        .attach(pending(&client, dataset_id, &local))
        .send()
        .await?;
    ensure!(
        matches!(log.events()[..], [UploadEvent::AlreadyUploaded { .. }]),
        "{:?}",
        log.events()
    );
    ensure!(reupload.bytes_sent == 0 && line.puts(reupload.job.id).len() as u64 == PARTS);
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn concurrent_calls_both_succeed() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(12)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("twice").await?;
    let one = log.attach(pending(&client, dataset_id, &local));
    let other = log.attach(pending(&client, dataset_id, &local));
    let (one, other) = tokio::join!(one.send(), other.send());
    let conflicts = [&one, &other]
        .into_iter()
        .filter_map(|end| end.as_ref().err());
    ensure!(
        conflicts.clone().all(Error::is_version_conflict) && conflicts.count() <= 1,
        "{one:?} {other:?}"
    );
    ensure!(
        log.events()
            .iter()
            .any(|event| matches!(event, UploadEvent::RecordUnavailable { .. }))
    );
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn running_call_keeps_its_job() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(15)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("running").await?;
    let held = line.proxy.hold(Operation::UploadPart(3));
    let running = tokio::spawn({
        let (client, path, state_dir) = (
            line.system.client.clone(),
            local.path.clone(),
            local.state_dir(),
        );
        let policy = CommitPolicy::LeaveAtPreview;
        async move {
            client
                .reupload(dataset_id)
                .file(path)
                .state_dir(state_dir)
                .commit(policy)
                .send()
                .await
        }
    });
    eventually("part 3 is with S3", async || {
        held.is_reached().then_some(())
    })
    .await;
    let second = log
        .attach(pending(&client, dataset_id, &local))
        .send()
        .await?;
    held.release();
    let first = running.await??;
    ensure!(first.job.id != second.job.id && second.bytes_held == 0);
    ensure!(
        matches!(log.events()[..], [UploadEvent::RecordUnavailable { .. }]),
        "{:?}",
        log.events()
    );
    Ok(())
}

#[tokio::test]
async fn file_with_new_mtime_is_resumed() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local(16)?);
    let client = line.client()?;
    let dataset_id = line.system.dataset("touched").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    std::fs::File::options()
        .write(true)
        .open(&local.path)?
        .set_modified(std::time::SystemTime::now())?;
    let reupload = pending(&client, dataset_id, &local).send().await?;
    assert_resumed(&line, &local, job_id, &reupload).await
}

#[tokio::test]
async fn new_version_does_not_stop_a_resume() -> Result<()> {
    let (line, local, other) = (
        FaultyLine::start()?,
        local(17)?,
        Local::new(&noise(1000, 18))?,
    );
    let client = line.client()?;
    let dataset_id = line.system.dataset("moved").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    pending(&client, dataset_id, &other).send().await?;
    let reupload = pending(&client, dataset_id, &local).send().await?;
    ensure!(
        reupload
            .version
            .as_ref()
            .is_some_and(|version| version.version == 2)
    );
    assert_resumed(&line, &local, job_id, &reupload).await
}

#[tokio::test]
async fn commit_of_a_killed_caller_is_found() -> Result<()> {
    let (line, local, log) = (FaultyLine::start()?, local(19)?, EventLog::default());
    let client = line.client()?;
    let dataset_id = line.system.dataset("done").await?;
    let token = CancellationToken::new();
    let stopping = pending(&client, dataset_id, &local)
        .replaces(None)
        .cancel_on(token.clone());
    let stopping = stopping.on_progress(|progress| {
        if progress.phase == Phase::Inspect {
            token.cancel();
        }
    });
    ensure!(matches!(stopping.send().await, Err(Error::Cancelled)));
    let jobs = client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .send()
        .await?;
    let job = client.wait(jobs.items[0].id).await?;
    client
        .api()
        .commit_job()
        .job_id(job.id)
        .body(CommitJobRequest::default())
        .send()
        .await?;
    let reupload = log
        .attach(pending(&client, dataset_id, &local).replaces(None))
        .send()
        .await?;
    ensure!(
        reupload.job.id == job.id && reupload.version.is_some_and(|version| version.version == 1)
    );
    ensure!(matches!(
        log.events()[..],
        [UploadEvent::AlreadyUploaded {
            status: JobStatus::Committed,
            ..
        }]
    ));
    Ok(())
}

#[tokio::test]
async fn upload_lost_by_s3_starts_anew() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local(20)?);
    let client = line.client()?;
    let dataset_id = line.system.dataset("lost").await?;
    let job_id = interrupt(&line, &client, dataset_id, &local).await?;
    let upload = line
        .proxy
        .seen()
        .into_iter()
        .find_map(|seen| Some((seen.key, seen.upload_id?)));
    let (key, upload_id) = upload.context("no upload")?;
    line.system.bucket().abort(&key, &upload_id).await?;
    let error = pending(&client, dataset_id, &local)
        .send()
        .await
        .expect_err("S3 has lost the upload");
    ensure!(
        matches!(&error, Error::S3 { code, .. } if code == "NoSuchUpload"),
        "{error:?}"
    );
    let reupload = pending(&client, dataset_id, &local).send().await?;
    ensure!(reupload.job.id != job_id && line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn expected_version_is_checked_before_sending() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local(13)?);
    let client = line.client()?;
    let dataset_id = line.system.dataset("expected").await?;
    let error = pending(&client, dataset_id, &local)
        .replaces(Some(1))
        .send()
        .await
        .expect_err("there is none");
    ensure!(
        matches!(
            error,
            Error::VersionConflict {
                expected: Some(1),
                current: None
            }
        ),
        "{error:?}"
    );
    ensure!(
        client
            .api()
            .list_jobs()
            .dataset_id(dataset_id)
            .send()
            .await?
            .items
            .is_empty()
    );
    pending(&client, dataset_id, &local)
        .replaces(None)
        .send()
        .await?;
    pending(&client, dataset_id, &local)
        .replaces(Some(1))
        .commit(CommitPolicy::IfCompatible)
        .force(true)
        .send()
        .await?;
    let error = pending(&client, dataset_id, &local)
        .replaces(None)
        .send()
        .await
        .expect_err("it has two");
    ensure!(
        error.is_version_conflict()
            && error.to_string() == "the dataset has version 2, not no version"
    );
    Ok(())
}

/// Mounts a full file system at a directory, where permissions allow it.
fn mount_full(directory: &Path) -> Result<bool> {
    std::fs::create_dir(directory)?;
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=4k,nr_inodes=3", "tmpfs"])
        .arg(directory)
        .output();
    Ok(mount.is_ok_and(|mount| mount.status.success()))
}

#[tokio::test]
async fn unwritable_record_does_not_stop_the_upload() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local(14)?);
    let client = line.client()?;
    let full = local.directory.path().join("full");
    let is_mounted = mount_full(&full)?;
    // A file in place of the directory fails as well.
    let state_dirs = [full.clone(), local.path.clone()];
    for (number, state_dir) in state_dirs
        .into_iter()
        .enumerate()
        .skip(usize::from(!is_mounted))
    {
        let log = EventLog::default();
        let dataset_id = line.system.dataset(&format!("full {number}")).await?;
        log.attach(pending(&client, dataset_id, &local).state_dir(state_dir))
            .send()
            .await?;
        ensure!(
            matches!(log.events()[..], [UploadEvent::RecordUnavailable { .. }]),
            "{number}: {:?}",
            log.events()
        );
        ensure!(line.system.read(dataset_id).await? == local.content);
    }
    if is_mounted {
        Command::new("umount").arg(&full).status()?;
    }
    Ok(())
}
