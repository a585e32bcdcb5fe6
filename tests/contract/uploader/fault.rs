//! Each fault at each part.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use restow_sdk::{Client, Error, Phase, Progress};
use restow_tests::fault_proxy::{Fault, Operation};

use super::Local;
use crate::fixture::{FaultyLine, PART_SIZE, eventually, noise};

/// Parts of each upload.
const PARTS: u32 = 3;

/// Faults that a retry, a new URL or sending the part again fixes.
const FAULTS: [Fault; 12] = [
    Fault::Refuse(500, "InternalError"),
    Fault::Refuse(503, "SlowDown"),
    Fault::Refuse(429, "TooManyRequests"),
    Fault::Refuse(400, "RequestTimeout"),
    Fault::Refuse(400, "ExpiredToken"),
    Fault::Refuse(403, "AccessDenied"),
    Fault::Reset,
    Fault::ResetInBody,
    Fault::Hang,
    Fault::LoseReply,
    Fault::Belie(500, "InternalError"),
    Fault::Corrupt,
];

fn local() -> Result<Local> {
    Local::new(&noise((PARTS as usize - 1) * PART_SIZE + 1000, 7))
}

/// Uploads, and asserts that the progress never decreases, ends at the total, and that the bytes are right.
async fn upload(line: &FaultyLine, client: &Client, name: &str, local: &Local) -> Result<u64> {
    let dataset_id = line.system.dataset(name).await?;
    let log = Mutex::new(Vec::<Progress>::new());
    let request = client
        .reupload(dataset_id)
        .file(&local.path)
        .state_dir(local.state_dir());
    let request = request.on_progress(|progress| log.lock().expect("no panic").push(*progress));
    let reupload = request.send().await?;
    let log = log.into_inner()?;
    for pair in log.windows(2) {
        ensure!(pair[0].phase <= pair[1].phase, "{pair:?}");
        ensure!(
            pair[0].bytes_done <= pair[1].bytes_done && pair[0].parts_done <= pair[1].parts_done,
            "{pair:?}"
        );
    }
    let last = log.last().context("no progress")?;
    ensure!(
        (last.phase, last.bytes_done, last.parts_done)
            == (Phase::Commit, last.bytes_total, last.parts_total)
    );
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(reupload.retries)
}

async fn tolerates(fault: Fault, local: &Local) -> Result<()> {
    let line = FaultyLine::start()?;
    let client = line.client()?;
    for number in 1..=PARTS {
        line.proxy
            .inject(Operation::UploadPart(number), 1..=2, fault.clone());
        let retries = upload(&line, &client, &format!("part {number}"), local).await;
        let retries = retries.with_context(|| format!("{fault:?} at part {number}"))?;
        ensure!(
            line.proxy.heal() == 2 && retries >= 2,
            "{fault:?} at part {number}: {retries} retries"
        );
    }
    Ok(())
}

#[tokio::test]
async fn every_fault_at_every_part_is_tolerated() -> Result<()> {
    let local = local()?;
    // Not all in parallel: each starts its own servers.
    let survivals = stream::iter(FAULTS).map(|fault| tolerates(fault, &local));
    survivals.buffer_unordered(3).try_collect().await
}

#[tokio::test]
async fn permanent_error_ends_the_upload_at_once() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local()?);
    let client = line.client()?;
    for (status, code) in [
        (404, "NoSuchUpload"),
        (405, "MethodNotAllowed"),
        (412, "PreconditionFailed"),
    ] {
        line.proxy
            .inject(Operation::UploadPart(2), 1..=1, Fault::Refuse(status, code));
        let error = upload(&line, &client, code, &local)
            .await
            .expect_err("S3 refused");
        let error = error.downcast::<Error>()?;
        let told = format!("{error} {error:?}");
        ensure!(
            matches!(&error, Error::S3 { code: found, part_number: Some(2), .. } if found == code),
            "{told}"
        );
        ensure!(
            !told.contains("X-Amz") && !told.contains("127.0.0.1"),
            "{told}"
        );
        ensure!(line.proxy.heal() == 1);
    }
    Ok(())
}

#[tokio::test]
async fn next_call_resumes_after_a_permanent_fault() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local()?);
    let client = line.client()?;
    let dataset_id = line.system.dataset("again").await?;
    // One part at a time, since the first error stops the parts beside it wherever they are.
    let pending = || {
        client
            .reupload(dataset_id)
            .file(&local.path)
            .state_dir(local.state_dir())
            .concurrency(1)
    };
    for fault in [
        Fault::Refuse(503, "SlowDown"),
        Fault::Refuse(403, "AccessDenied"),
        Fault::Reset,
    ] {
        line.proxy
            .inject(Operation::UploadPart(3), .., fault.clone());
        let error = pending().send().await.expect_err("part 3 never arrives");
        ensure!(
            matches!(error, Error::S3 { .. } | Error::Transport { .. }),
            "{error:?}"
        );
        ensure!(line.proxy.heal() > 2);
    }
    let reupload = pending().send().await?;
    let mut puts = line.puts(reupload.job.id);
    puts.retain(|number| *number < 3);
    ensure!(
        reupload.bytes_sent == 1000 && puts == [1, 2],
        "{reupload:?}, {puts:?}"
    );
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn retry_after_of_s3_is_applied() -> Result<()> {
    let (line, local) = (FaultyLine::start()?, local()?);
    let client = line.client()?;
    let dataset_id = line.system.dataset("later").await?;
    line.proxy
        .inject(Operation::UploadPart(2), 1..=1, Fault::Postpone(2));
    let begun = Instant::now();
    let reupload = client
        .reupload(dataset_id)
        .file(&local.path)
        .state_dir(local.state_dir())
        .send()
        .await?;
    ensure!(
        line.proxy.heal() == 1 && reupload.retries >= 1,
        "{reupload:?}"
    );
    // The client's own delays add up to 10 ms.
    ensure!(
        begun.elapsed() >= Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn urls_of_one_second_are_renewed() -> Result<()> {
    let line = FaultyLine::start_with(&[("--url-expires", "1s")])?;
    let local = local()?;
    let client = line.client()?;
    let dataset_id = line.system.dataset("brief").await?;
    // A listener that delays each part, as a slow connection would, until the URLs have expired.
    let mut waited = 0;
    let dawdle = move |progress: &Progress| {
        if progress.parts_done > waited && progress.phase == Phase::Upload {
            waited = progress.parts_done;
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_millis(1200) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    };
    let pending = client
        .reupload(dataset_id)
        .file(&local.path)
        .state_dir(local.state_dir())
        .concurrency(1);
    pending.on_progress(dawdle).send().await?;
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(())
}

#[tokio::test]
async fn restarting_server_is_waited_for() -> Result<()> {
    let (mut line, local) = (
        FaultyLine::start_with(&[("--url-expires", "2s")])?,
        local()?,
    );
    let client = line.system.client_builder().build()?;
    let dataset_id = line.system.dataset("restart").await?;
    let held = line.proxy.hold(Operation::UploadPart(2));
    let uploading = tokio::spawn({
        let (path, state_dir) = (local.path.clone(), local.state_dir());
        async move {
            client
                .reupload(dataset_id)
                .file(path)
                .state_dir(state_dir)
                .concurrency(1)
                .send()
                .await
        }
    });
    eventually("part 2 is with S3", async || {
        held.is_reached().then_some(())
    })
    .await;
    line = line.kill_and_restart().await?;
    held.release();
    let reupload = uploading.await??;
    ensure!(reupload.version.is_some_and(|version| version.version == 1));
    ensure!(line.system.read(dataset_id).await? == local.content);
    Ok(())
}
