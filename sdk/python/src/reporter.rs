//! What is known of a running operation: its latest progress, and the events since it was last read.

use std::sync::{Mutex, PoisonError};

use restow_sdk::{DownloadProgress, Phase, Progress, UploadEvent};
use serde_json::{Value, json};

/// Collects reports until they are taken. A later progress replaces an earlier one, so that a slow reader does not slow
/// the transfer down.
#[derive(Debug, Default)]
pub struct Reporter(Mutex<Reports>);

#[derive(Debug, Default)]
struct Reports {
    progress: Option<Latest>,
    events: Vec<String>,
}

#[derive(Debug)]
enum Latest {
    Upload(Progress),
    Download(DownloadProgress),
}

impl Reporter {
    /// The progress of an upload.
    pub fn upload(&self, progress: &Progress) {
        self.update(|reports| reports.progress = Some(Latest::Upload(*progress)));
    }

    /// The progress of a download.
    pub fn download(&self, progress: &DownloadProgress) {
        self.update(|reports| reports.progress = Some(Latest::Download(*progress)));
    }

    /// An event that a person should see.
    pub fn event(&self, event: &UploadEvent) {
        self.update(|reports| reports.events.push(event.to_string()));
    }

    /// Takes the reports since the last time as documents, the progress last.
    pub fn take(&self) -> Vec<String> {
        let reports = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let events = reports.events.into_iter();
        let events = events.map(|event| json!({ "event": event }).to_string());
        events
            .chain(reports.progress.as_ref().map(document))
            .collect()
    }

    fn update(&self, change: impl FnOnce(&mut Reports)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn document(progress: &Latest) -> String {
    let document = match progress {
        Latest::Upload(progress) => json!({ "upload": upload(progress) }),
        Latest::Download(progress) => json!({ "download": download(progress) }),
    };
    document.to_string()
}

fn upload(progress: &Progress) -> Value {
    json!({
        "job_id": progress.job_id,
        "phase": phase(progress.phase),
        "bytes_done": progress.bytes_done,
        "bytes_confirmed": progress.bytes_confirmed,
        "bytes_total": progress.bytes_total,
        "bytes_held": progress.bytes_held,
        "parts_done": progress.parts_done,
        "parts_total": progress.parts_total,
        "bytes_per_second": progress.bytes_per_second,
        "retries": progress.retries,
        "bytes_inspected": progress.bytes_inspected,
        "rows_inspected": progress.rows_inspected,
    })
}

fn download(progress: &DownloadProgress) -> Value {
    json!({
        "bytes_done": progress.bytes_done,
        "bytes_total": progress.bytes_total,
        "bytes_held": progress.bytes_held,
        "bytes_per_second": progress.bytes_per_second,
        "retries": progress.retries,
    })
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Upload => "upload",
        Phase::Complete => "complete",
        Phase::Inspect => "inspect",
        // Phases are added at the end.
        _ => "commit",
    }
}
