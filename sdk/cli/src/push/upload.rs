//! The upload of one file.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::arguments::PushArguments;
use super::spool::Spooled;
use super::target::Target;
use crate::context::Context;
use restow_sdk::generated::types::Dataset;
use restow_sdk::{Client, Phase, Progress, ReuploadBuilder};

/// The upload of a file as the arguments demand, before it is sent.
pub fn reupload<'a>(
    context: &Context,
    client: &'a Client,
    arguments: &PushArguments,
    target: &Target,
    dataset: &Dataset,
) -> ReuploadBuilder<'a> {
    let reupload = client.reupload(dataset.id);
    let mut reupload = if target.content == target.path {
        reupload.file(&target.path)
    } else {
        let (path, size) = (target.content.clone(), target.size());
        reupload.source(&target.name, Spooled { path, size })
    };
    if let Some(filename) = &arguments.filename {
        reupload = reupload.filename(filename);
    }
    if let Some(content_type) = &arguments.content_type {
        reupload = reupload.content_type(content_type);
    }
    if let Some(parts) = arguments.concurrency {
        reupload = reupload.concurrency(parts.get());
    }
    if let Some(replaces) = arguments.replaces {
        reupload = reupload.replaces(replaces.version());
    }
    if let Some(options) = arguments.read.options() {
        reupload = reupload.read_options(options);
    }
    reupload
        .commit(arguments.commit.into())
        .accept(arguments.accept.accept.iter().copied())
        .force(arguments.accept.force)
        .resume(arguments.resume())
        .cancel_on(context.interrupt.clone())
}

/// What is known of an upload while it runs.
pub struct Observed {
    /// When it began.
    pub started: Instant,
    /// Its job, once there is one.
    pub job_id: OnceLock<Uuid>,
    transfer_time: OnceLock<Duration>,
}

impl Observed {
    /// Nothing is known yet.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            job_id: OnceLock::new(),
            transfer_time: OnceLock::new(),
        }
    }

    /// Records a progress, and in `confirmed` the bytes that S3 has.
    pub fn record(&self, progress: &Progress, confirmed: &AtomicU64) {
        // `set` keeps the first value, and returns an error for later ones.
        let _ = self.job_id.set(progress.job_id);
        if progress.phase > Phase::Upload {
            let _ = self.transfer_time.set(self.started.elapsed());
        }
        confirmed.store(progress.bytes_confirmed, Ordering::Relaxed);
    }

    /// Duration of the transfer to S3, without completion and inspection; `elapsed` if there was none.
    pub fn transfer_time(&self, elapsed: Duration) -> Duration {
        self.transfer_time.get().copied().unwrap_or(elapsed)
    }
}
