//! The SDK's uploader over a faulty connection: fault tolerance and resuming.

mod change;
mod fault;
mod job;
mod kill;
mod resume;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use bytes::Bytes;
use restow_sdk::{ReuploadBuilder, UploadEvent};
use tempfile::TempDir;

/// A file to upload, and a directory for its record.
struct Local {
    path: PathBuf,
    content: Bytes,
    directory: TempDir,
}

impl Local {
    fn new(content: &Bytes) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("noise.bin");
        std::fs::write(&path, content)?;
        Ok(Self {
            path,
            content: content.clone(),
            directory,
        })
    }

    fn state_dir(&self) -> PathBuf {
        self.directory.path().join("state")
    }
}

/// The events of an upload.
#[derive(Default)]
struct EventLog(Mutex<Vec<UploadEvent>>);

impl EventLog {
    fn attach<'a>(&'a self, pending: ReuploadBuilder<'a>) -> ReuploadBuilder<'a> {
        pending.on_event(|event| {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(event.clone());
        })
    }

    fn events(&self) -> Vec<UploadEvent> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
