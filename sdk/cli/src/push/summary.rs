//! What came of several files, in one line.

use std::time::Duration;

use anyhow::Result;

use super::outcome::FileOutcome;
use crate::units;

/// Counts what came of files.
#[derive(Debug, Default)]
pub struct Summary {
    pushed: u64,
    unchanged: u64,
    uncommitted: u64,
    failed: u64,
    bytes_sent: u64,
}

impl Summary {
    /// Counts a file.
    pub fn add(&mut self, outcome: &Result<FileOutcome>) {
        match outcome {
            Ok(FileOutcome::Skipped(_)) => self.unchanged += 1,
            Ok(FileOutcome::Pushed(pushed)) => {
                let reupload = &pushed.reupload;
                self.bytes_sent += reupload.bytes_sent;
                match &reupload.version {
                    Some(_) if reupload.is_unchanged => self.unchanged += 1,
                    Some(_) => self.pushed += 1,
                    None => self.uncommitted += 1,
                }
            }
            Err(_) => self.failed += 1,
        }
    }

    /// The counts that are not zero, and what was sent in `elapsed`.
    pub fn text(&self, elapsed: Duration) -> String {
        let counts = [
            (self.pushed, "pushed"),
            (self.unchanged, "unchanged"),
            (self.uncommitted, "not committed"),
            (self.failed, "failed"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts
            .map(|(count, what)| format!("{} {what}", units::count(*count)))
            .collect();
        let time = units::duration(elapsed);
        if self.bytes_sent == 0 {
            return format!("{} in {time}", counts.join(", "));
        }
        format!(
            "{}: {} in {time}, {}",
            counts.join(", "),
            units::bytes(self.bytes_sent),
            units::rate(units::per_second(self.bytes_sent, elapsed)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_counts_that_are_not_zero_are_listed() {
        let summary = Summary {
            pushed: 27,
            unchanged: 2,
            failed: 1,
            bytes_sent: 2 << 30,
            ..Summary::default()
        };
        let expected = "27 pushed, 2 unchanged, 1 failed: 2.0 GiB in 20.0 s, 102.4 MiB/s";
        assert_eq!(summary.text(Duration::from_secs(20)), expected);
        let summary = Summary {
            unchanged: 3,
            ..Summary::default()
        };
        assert_eq!(summary.text(Duration::from_secs(1)), "3 unchanged in 1.0 s");
    }
}
