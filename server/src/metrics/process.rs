//! What the system says of the process, by the names that Prometheus' own clients give it. Linux says it in `/proc`;
//! elsewhere, only the start is known.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Parts of a second in which Linux counts processor time for programs, on every architecture that is supported.
const TICKS_PER_SECOND: f64 = 100.0;

/// The fields of `/proc/self/stat` behind the program's name that are the time in user and in system mode.
const USER_TIME: usize = 11;
const SYSTEM_TIME: usize = 12;

/// The process.
#[derive(Debug)]
pub(super) struct Process {
    /// When it began, in seconds since 1970.
    start: f64,
}

impl Default for Process {
    fn default() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            start: since.map_or(0.0, |since| since.as_secs_f64()),
        }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        if let Some(seconds) = processor_seconds() {
            let counter = ConstCounter::new(seconds);
            let kind = prometheus_client::metrics::MetricType::Counter;
            let help = "Time of processors that the process has used";
            let described = encoder.encode_descriptor("process_cpu_seconds", help, None, kind)?;
            counter.encode(described)?;
        }
        let gauges = [
            (
                "process_start_time_seconds",
                "When the process began",
                Some(self.start),
            ),
            (
                "process_resident_memory_bytes",
                "Memory of the process",
                kibibytes("VmRSS:"),
            ),
            (
                "process_virtual_memory_bytes",
                "Address space of the process",
                kibibytes("VmSize:"),
            ),
            (
                "process_threads",
                "Threads of the process",
                status("Threads:"),
            ),
            (
                "process_open_fds",
                "File descriptors that are open",
                open_descriptors(),
            ),
            (
                "process_max_fds",
                "File descriptors that may be open",
                max_descriptors(),
            ),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                let kind = prometheus_client::metrics::MetricType::Gauge;
                let described = encoder.encode_descriptor(name, help, None, kind)?;
                ConstGauge::new(value).encode(described)?;
            }
        }
        Ok(())
    }
}

fn processor_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name is in parentheses, and may contain blanks.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    Some((ticks(USER_TIME)? + ticks(SYSTEM_TIME)?) / TICKS_PER_SECOND)
}

/// A number of `/proc/self/status`.
fn status(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn kibibytes(name: &str) -> Option<f64> {
    status(name).map(|kibibytes| kibibytes * 1024.0)
}

fn open_descriptors() -> Option<f64> {
    let open = fs::read_dir("/proc/self/fd").ok()?.count();
    u32::try_from(open).ok().map(f64::from)
}

fn max_descriptors() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn system_says_what_the_process_uses() {
        assert!(processor_seconds().is_some());
        assert!(kibibytes("VmRSS:").is_some_and(|bytes| bytes > 1024.0 * 1024.0));
        assert!(status("Threads:").is_some_and(|threads| threads >= 1.0));
        let (open, max) = (open_descriptors(), max_descriptors());
        assert!(open.is_some_and(|open| max.is_some_and(|max| (1.0..=max).contains(&open))));
    }
}
