//! What one run of a program takes, as GNU `time` reports it: it is small, so that no memory is counted that a child has of its
//! parent before it becomes the program.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use tokio::process::Command;

/// GNU `time`, which is not the shell's.
const TIME: &str = "/usr/bin/time";

/// Seconds on the clock, in user mode and in the kernel, and the peak of resident memory in KiB.
const FORMAT: &str = "%e %U %S %M";

/// What one run took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measurement {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of processor time, in user mode and in the kernel, of the process and its children.
    pub cpu: f64,
    /// Peak of the resident memory of the largest process, in MiB.
    pub memory: f64,
}

/// Runs a program to its end, with only the environment that it is given, in a directory. What it prints goes to a file
/// in `logs`.
///
/// # Errors
/// If it cannot be run or fails; the error contains the end of its output.
pub async fn measure(
    (program, arguments): (&Path, &[String]),
    environment: &[(String, String)],
    directory: &Path,
    logs: &Path,
) -> Result<Measurement> {
    let (times, log) = (logs.join("times"), logs.join("output"));
    let output = File::create(&log)?;
    let mut command = Command::new(TIME);
    command
        .args(["--format", FORMAT, "--output"])
        .arg(&times)
        .arg(program)
        .args(arguments);
    command
        .env_clear()
        .envs(environment.iter().cloned())
        .current_dir(directory)
        .kill_on_drop(true);
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    let status = command
        .status()
        .await
        .with_context(|| format!("{TIME} cannot be run"))?;
    if !status.success() {
        let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        let last = text
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        bail!("{} ended with {status}: {last}", program.display());
    }
    let times = fs::read_to_string(&times)?;
    parse(&times).with_context(|| format!("the output of {TIME}: {times}"))
}

/// The last line holds the figures; what stands before is about how the program ended.
fn parse(times: &str) -> Option<Measurement> {
    let figures = times
        .lines()
        .last()?
        .split(' ')
        .map(str::parse)
        .collect::<Result<Vec<f64>, _>>()
        .ok()?;
    let [wall, user, system, kibibytes] = figures.as_slice() else {
        return None;
    };
    Some(Measurement {
        wall: *wall,
        cpu: user + system,
        memory: kibibytes / 1024.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_on_the_last_line() {
        let measurement = Measurement {
            wall: 6.31,
            cpu: 2.75,
            memory: 22.0,
        };
        assert_eq!(parse("6.31 2.25 0.50 22528\n"), Some(measurement));
        assert_eq!(
            parse("Command exited with non-zero status 1\n6.31 2.25 0.50 22528\n"),
            Some(measurement)
        );
        for odd in ["", "6.31 2.25 0.50\n", "6.31 2.25 x 22528\n"] {
            assert_eq!(parse(odd), None, "{odd}");
        }
    }

    #[tokio::test]
    async fn program_environment_and_failure_are_contained() {
        if !Path::new(TIME).is_file() {
            println!("SKIPPED: GNU time is not installed; Debian: apt-get install time");
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let without_home = ["-c".to_string(), "test -z \"$HOME\"".to_string()];
        let run = measure(
            (Path::new("/bin/sh"), &without_home),
            &[],
            directory.path(),
            directory.path(),
        );
        let measured = run.await.unwrap();
        assert!(measured.memory > 0.0, "{measured:?}");

        let failing = ["-c".to_string(), "echo why; exit 3".to_string()];
        let run = measure(
            (Path::new("/bin/sh"), &failing),
            &[],
            directory.path(),
            directory.path(),
        );
        let error = run.await.unwrap_err().to_string();
        assert!(
            error.contains("exit status: 3") && error.ends_with("why"),
            "{error}"
        );
    }
}
