//! A file that changes while it is uploaded.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::{Result, ensure};
use restow_sdk::Error;
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::Operation;

use super::Local;
use crate::fixture::{FaultyLine, PART_SIZE, eventually, noise};

/// A way to change a file.
type Change = fn(&Path) -> std::io::Result<()>;

const CHANGES: [(&str, Change); 3] = [
    ("appended", |path| {
        OpenOptions::new()
            .append(true)
            .open(path)?
            .write_all(b"more")
    }),
    ("truncated", |path| {
        OpenOptions::new().write(true).open(path)?.set_len(100)
    }),
    ("replaced", |path| {
        std::fs::write(path.with_extension("new"), "other")
            .and_then(|()| std::fs::rename(path.with_extension("new"), path))
    }),
];

#[tokio::test]
async fn changed_file_stops_the_upload() -> Result<()> {
    let line = FaultyLine::start()?;
    for (name, change) in CHANGES {
        let local = Local::new(&noise(3 * PART_SIZE, 5))?;
        let dataset_id = line.system.dataset(name).await?;
        let held = line.proxy.hold(Operation::UploadPart(2));
        let client = line.system.client_builder().build()?;
        let uploading = tokio::spawn({
            let (path, state_dir) = (local.path.clone(), local.state_dir());
            async move {
                client
                    .reupload(dataset_id)
                    .file(path)
                    .state_dir(state_dir)
                    .send()
                    .await
            }
        });
        eventually("part 2 is with S3", async || {
            held.is_reached().then_some(())
        })
        .await;
        change(&local.path)?;
        held.release();
        let error = uploading.await?.expect_err("the file has changed");
        ensure!(
            matches!(error, Error::SourceChanged(_)),
            "{name}: {error:?}"
        );
        ensure!(
            error
                .to_string()
                .contains("noise.bin changed while it was uploaded"),
            "{error}"
        );

        let jobs = line
            .system
            .client
            .api()
            .list_jobs()
            .dataset_id(dataset_id)
            .send()
            .await?
            .into_inner()
            .items;
        ensure!(
            jobs.len() == 1 && jobs[0].status == JobStatus::Cancelled,
            "{name}: {jobs:?}"
        );
        ensure!(line.system.current_version(dataset_id).await?.is_none());
        ensure!(
            std::fs::read_dir(local.state_dir().join("uploads"))?.count() == 0,
            "the record is gone"
        );
    }
    Ok(())
}
