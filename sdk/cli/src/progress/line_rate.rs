//! Limits how many lines of progress are printed where there is no terminal.

use std::time::{Duration, Instant};

use super::status::Status;

/// Time after which another line is printed in any case.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// Progress, in percent, after which another line is printed before that time.
const MIN_STEP_PERCENT: u64 = 10;

/// Minimum time between two lines about the same activity.
const MIN_LINE_INTERVAL: Duration = Duration::from_millis(500);

/// The line that was printed last.
#[derive(Debug, Default)]
pub struct LineRate {
    last: Option<(Instant, &'static str, u64)>,
}

impl LineRate {
    /// Whether to print `status` at `now`. If so, it is recorded as printed.
    pub fn admits(&mut self, status: &Status, now: Instant) -> bool {
        let percent = status.percent();
        let admitted = self.last.is_none_or(|(at, activity, printed)| {
            let (elapsed, moved) = (now.duration_since(at), percent.saturating_sub(printed));
            activity != status.activity
                || elapsed >= LINE_INTERVAL
                || (moved >= MIN_STEP_PERCENT && elapsed >= MIN_LINE_INTERVAL)
        });
        if admitted {
            self.last = Some((now, status.activity, percent));
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
    fn lines_follow_time_and_progress() {
        let (mut rate, start) = (LineRate::default(), Instant::now());
        let mut admits = |percent, millis| {
            rate.admits(&inspecting(percent), start + Duration::from_millis(millis))
        };
        assert!(admits(0, 0));
        assert!(!admits(50, 100), "too soon");
        assert!(admits(50, 600), "enough progress");
        assert!(!admits(55, 2_000), "too little progress");
        assert!(admits(55, 5_600), "enough time");
    }
}
