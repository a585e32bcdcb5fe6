//! When to print a line where nobody watches a bar.

use std::time::{Duration, Instant};

use super::status::Status;

/// Time after which there may be another line.
const INTERVAL: Duration = Duration::from_secs(5);

/// Percent of the work after which there may be another line before that time.
const STEP: u64 = 10;

/// Shortest time between two lines about the same work.
const SHORTEST: Duration = Duration::from_millis(500);

/// What was printed last.
#[derive(Debug, Default)]
pub struct Pace {
    last: Option<(Instant, &'static str, u64)>,
}

impl Pace {
    /// Whether `status` is worth a line at `now`; then it is taken for printed.
    pub fn admits(&mut self, status: &Status, now: Instant) -> bool {
        let percent = status.percent();
        let admitted = self.last.is_none_or(|(at, doing, told)| {
            let (elapsed, moved) = (now.duration_since(at), percent.saturating_sub(told));
            doing != status.doing || elapsed >= INTERVAL || (moved >= STEP && elapsed >= SHORTEST)
        });
        if admitted {
            self.last = Some((now, status.doing, percent));
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use restow_sdk::generated::types::Job;
    use serde_json::json;

    fn inspecting(percent: u64) -> Status {
        let job: Job = serde_json::from_value(json!({
            "id": uuid::Uuid::nil(), "dataset_id": uuid::Uuid::nil(), "status": "inspecting", "filename": "a.csv",
            "content_type": "text/csv", "file_size": 100, "created_at": "2025-01-01T00:00:00Z",
            "deadline": "2025-01-01T00:00:00Z",
            "progress": {"phase": "inspect", "bytes_done": percent, "bytes_total": 100},
        }))
        .unwrap();
        Status::of_job(&job).unwrap()
    }

    #[test]
    fn lines_come_with_time_and_with_progress() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let mut admits = |percent, millis| {
            pace.admits(&inspecting(percent), start + Duration::from_millis(millis))
        };
        assert!(admits(0, 0));
        assert!(!admits(50, 100), "too soon");
        assert!(admits(50, 600), "far enough");
        assert!(!admits(55, 2_000), "neither long nor far");
        assert!(admits(55, 5_600), "long enough");
    }
}
