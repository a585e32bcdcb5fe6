//! What it all runs on.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

/// The machine, as far as it can be determined.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// Processors that a program can use at once.
    cores: usize,
    /// Model of the processor.
    processor: String,
    /// Memory in GiB.
    memory: f64,
    /// Name and version of the kernel, without the number of its build.
    kernel: String,
}

impl Machine {
    /// This one.
    pub fn this() -> Self {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let text = |path: &str| {
            fs::read_to_string(path)
                .unwrap_or_default()
                .trim()
                .to_string()
        };
        let kibibytes = value(&memory, "MemTotal")
            .trim_end_matches(" kB")
            .parse::<f64>()
            .unwrap_or_default();
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            processor: value(&processors, "model name").to_string(),
            memory: kibibytes / 1024.0 / 1024.0,
            kernel: format!(
                "{} {}",
                text("/proc/sys/kernel/ostype"),
                release(&text("/proc/sys/kernel/osrelease"))
            ),
        }
    }
}

/// The first two numbers of a kernel's version.
fn release(version: &str) -> &str {
    let end = version.match_indices('.').nth(1);
    end.map_or(version, |(end, _)| &version[..end])
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cores,
            processor,
            memory,
            kernel,
        } = self;
        write!(
            f,
            "{cores} cores of {processor}, {memory:.0} GiB of memory, {kernel}"
        )
    }
}

/// The value of a line `name : value`, the first of that name.
fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(found, value)| (found.trim(), value.trim()))
        .find(|(found, _)| *found == name)
        .unwrap_or_default()
        .1
}

/// Makes sure that the disk of a directory has room.
///
/// # Errors
/// If it has not; the error contains how much is needed, and how to choose another disk.
pub fn ensure_room(directory: &Path, needed: u64) -> Result<()> {
    let output = Command::new("df")
        .arg("-Pk")
        .arg(directory)
        .output()
        .context("df cannot be run")?;
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let free = free_bytes(&output).with_context(|| format!("df output: {output}"))?;
    ensure!(
        free >= needed,
        "{} has {:.1} GiB of room, and it takes {:.1} GiB; TMPDIR can name another directory",
        directory.display(),
        gibibytes(free),
        gibibytes(needed)
    );
    Ok(())
}

/// The fourth column of the last line, in KiB.
fn free_bytes(output: &str) -> Option<u64> {
    output
        .lines()
        .last()?
        .split_whitespace()
        .nth(3)?
        .parse::<u64>()
        .ok()
        .map(|kibibytes| kibibytes * 1024)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "one digit behind the point is shown"
)]
fn gibibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_name() {
        let text = "processor\t: 0\nmodel name\t: AMD EPYC: 7\nmodel name\t: other\n";
        assert_eq!(value(text, "model name"), "AMD EPYC: 7");
        assert_eq!(value(text, "stepping"), "");
    }

    #[test]
    fn the_room_is_what_is_available() {
        let output =
            "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 263 23 73 24% /\n";
        assert_eq!(free_bytes(output), Some(73 * 1024));
        assert_eq!(free_bytes("df: no such file"), None);
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let directory = std::env::temp_dir();
        ensure_room(&directory, 0).unwrap();
        let refused = ensure_room(&directory, u64::MAX).unwrap_err().to_string();
        assert!(refused.contains("TMPDIR"), "{refused}");
    }
}
