//! Status of a transfer or a job, as text.

use std::time::Duration;

use crate::units;
use restow_sdk::generated::types::{Job, JobPhase};
use restow_sdk::{DownloadProgress, Phase, Progress};

/// The activity before the upload of a file.
const COMPARING: &str = "Comparing";

/// The activity that moves the bytes of a file.
const UPLOADING: &str = "Uploading";

/// Separator of details.
const SEPARATOR: &str = " · ";

/// The current activity on a file, and its progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Name of the activity, the first word of a line.
    pub activity: &'static str,
    /// Bytes done and total; `None` where the size of the work is unknown.
    pub bytes: Option<(u64, u64)>,
    /// Further details, the most important first.
    details: Vec<String>,
}

impl Status {
    /// Status of an upload.
    pub fn of_upload(progress: &Progress) -> Self {
        match progress.phase {
            Phase::Upload => Self::sending(progress),
            Phase::Complete => {
                let what = match progress.parts_total {
                    1 => "the upload".to_string(),
                    parts => units::counted(parts, "part"),
                };
                Self::unmeasured("Completing", vec![format!("S3 is assembling {what}")])
            }
            Phase::Inspect => Self::inspecting(
                progress.bytes_inspected,
                progress.bytes_total,
                progress.rows_inspected,
            ),
            Phase::Commit => Self::unmeasured("Committing", vec![]),
            // The enum is non-exhaustive: a later SDK can have further phases.
            _ => Self::unmeasured("Working", vec![]),
        }
    }

    /// Status of a download.
    pub fn of_download(progress: &DownloadProgress) -> Self {
        let (done, total) = (progress.bytes_done, progress.bytes_total);
        let details = transfer_details(
            done,
            total,
            progress.bytes_per_second,
            None,
            progress.retries,
        );
        Self {
            activity: "Downloading",
            bytes: Some((done, total)),
            details,
        }
    }

    /// Status of several files together: files done and their number, bytes done and total, and bytes per second.
    pub fn of_files(files: (u64, u64), bytes: (u64, u64), rate: u64) -> Self {
        let (done, total) = (units::count(files.0), units::count(files.1));
        let mut details = vec![format!("{done} of {total} done")];
        details.extend(transfer_details(bytes.0, bytes.1, rate, None, 0));
        Self {
            activity: "Pushing",
            bytes: Some(bytes),
            details,
        }
    }

    /// Status of a job; `None` once nothing is left to do.
    pub fn of_job(job: &Job) -> Option<Self> {
        let progress = &job.progress;
        Some(match progress.phase {
            JobPhase::Upload => {
                Self::unmeasured("Waiting", vec!["the upload is not complete".to_string()])
            }
            JobPhase::Complete => {
                Self::unmeasured("Completing", vec!["S3 is assembling the parts".to_string()])
            }
            JobPhase::Inspect => {
                let rows = progress.rows.map(units::unsigned);
                Self::inspecting(
                    units::unsigned(progress.bytes_done),
                    units::unsigned(progress.bytes_total),
                    rows,
                )
            }
            JobPhase::Done => return None,
        })
    }

    fn sending(progress: &Progress) -> Self {
        let (done, total) = (progress.bytes_done, progress.bytes_total);
        let parts =
            Some((progress.parts_done, progress.parts_total)).filter(|(_, parts)| *parts > 1);
        let details = transfer_details(
            done,
            total,
            progress.bytes_per_second,
            parts,
            progress.retries,
        );
        Self {
            activity: UPLOADING,
            bytes: Some((done, total)),
            details,
        }
    }

    fn inspecting(done: u64, total: u64, rows: Option<u64>) -> Self {
        let details = rows
            .map(|rows| units::counted(rows, "row"))
            .into_iter()
            .collect();
        Self {
            activity: "Inspecting",
            bytes: Some((done, total)),
            details,
        }
    }

    /// Status of a file that is compared with the current version.
    pub fn comparing() -> Self {
        Self::unmeasured(COMPARING, vec!["with the current version".to_string()])
    }

    fn unmeasured(activity: &'static str, details: Vec<String>) -> Self {
        Self {
            activity,
            bytes: None,
            details,
        }
    }

    /// Bytes of the file that are done: none before the upload, and all of them after it.
    pub fn bytes_done(&self) -> u64 {
        match (self.activity, self.bytes) {
            (COMPARING, _) => 0,
            (UPLOADING, Some((done, _))) => done,
            _ => u64::MAX,
        }
    }

    /// Percentage done; 0 where the size of the work is unknown.
    pub fn percent(&self) -> u64 {
        match self.bytes {
            Some((done, total)) if total > 0 => {
                u64::try_from(u128::from(done) * 100 / u128::from(total)).unwrap_or(100)
            }
            _ => 0,
        }
    }

    /// As many details as fit into `width` columns.
    pub fn details(&self, width: usize) -> String {
        let mut text = String::new();
        for detail in &self.details {
            let longer = if text.is_empty() {
                detail.clone()
            } else {
                format!("{text}{SEPARATOR}{detail}")
            };
            if longer.chars().count() > width {
                break;
            }
            text = longer;
        }
        text
    }

    /// The whole status as one line of text.
    pub fn line(&self, name: &str) -> String {
        let percent = self.bytes.map(|_| format!("{} %", self.percent()));
        let details: Vec<_> = percent
            .into_iter()
            .chain(self.details.iter().cloned())
            .collect();
        let details = if details.is_empty() {
            String::new()
        } else {
            format!(": {}", details.join(", "))
        };
        format!("{} {name}{details}", self.activity)
    }
}

fn transfer_details(
    done: u64,
    total: u64,
    rate: u64,
    parts: Option<(u64, u64)>,
    retries: u64,
) -> Vec<String> {
    let mut details = vec![format!("{} of {}", units::bytes(done), units::bytes(total))];
    if rate > 0 {
        details.push(units::rate(rate));
        let left = Duration::from_secs(total.saturating_sub(done).div_ceil(rate));
        details.push(format!("{} left", humantime::format_duration(left)));
    }
    if retries > 0 {
        details.push(if retries == 1 {
            "1 retry".to_string()
        } else {
            format!("{} retries", units::count(retries))
        });
    }
    details.extend(parts.map(|(done, total)| {
        format!(
            "{} of {}",
            units::count(done),
            units::counted(total, "part")
        )
    }));
    details
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sending() -> Status {
        let details = transfer_details(496 << 20, 1 << 30, 100 << 20, Some((31, 64)), 2);
        Status {
            activity: "Uploading",
            bytes: Some((496 << 20, 1 << 30)),
            details,
        }
    }

    #[test]
    fn line_has_all_details() {
        let expected = "Uploading weather.csv: 48 %, 496.0 MiB of 1.0 GiB, 100.0 MiB/s, 6s left, 2 retries, 31 of 64 parts";
        assert_eq!(sending().line("weather.csv"), expected);
        assert_eq!(
            Status::unmeasured("Committing", vec![]).line("a.csv"),
            "Committing a.csv"
        );
    }

    #[test]
    fn narrow_width_keeps_most_important_details() {
        let status = sending();
        assert_eq!(
            status.details(80),
            "496.0 MiB of 1.0 GiB · 100.0 MiB/s · 6s left · 2 retries · 31 of 64 parts"
        );
        assert_eq!(status.details(40), "496.0 MiB of 1.0 GiB · 100.0 MiB/s");
        assert_eq!(status.details(5), "");
    }

    #[test]
    fn percentage_of_zero_bytes_is_zero() {
        assert_eq!(
            Status {
                activity: "Inspecting",
                bytes: Some((0, 0)),
                details: vec![]
            }
            .percent(),
            0
        );
    }
}
