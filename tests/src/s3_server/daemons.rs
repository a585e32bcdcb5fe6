//! The processes of one server, which end with the process that started them, however that ends.

use std::fmt;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Waits for the end of its standard input, which comes when its parent closes it or dies. The daemons share its
/// process group, so that one signal ends them all, and itself.
const GUARD: &str = r#"read -r _; rm -rf -- "$@"; kill -KILL 0"#;

/// The longest that anything takes to be ready, on a machine that is busy.
const START_TIMEOUT: Duration = Duration::from_mins(3);

/// How often conditions are looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// Lines of each log in an error.
const TAIL: usize = 15;

/// A process that should be running has ended.
#[derive(Debug)]
pub struct Ended {
    name: &'static str,
    status: ExitStatus,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ended with {}", self.name, self.status)
    }
}

impl std::error::Error for Ended {}

/// Processes that work in one directory.
#[derive(Debug)]
pub struct Daemons {
    guard: Child,
    directory: PathBuf,
    running: Vec<(&'static str, Child)>,
}

impl Daemons {
    /// None yet. At their end, the directory and what else they leave behind are removed.
    pub fn new(directory: &Path, leftovers: &[PathBuf]) -> Result<Self> {
        let mut command = Command::new("sh");
        command
            .args(["-c", GUARD, "guard"])
            .arg(directory)
            .args(leftovers);
        let guard = command.process_group(0).stdin(Stdio::piped()).spawn()?;
        Ok(Self {
            guard,
            directory: directory.to_path_buf(),
            running: Vec::new(),
        })
    }

    /// Starts a process that should keep running.
    pub fn spawn(&mut self, name: &'static str, command: Command) -> Result<()> {
        let child = self.start(name, command)?;
        self.running.push((name, child));
        Ok(())
    }

    /// Runs a process to its end, as long as those that should keep running do.
    pub fn run(&mut self, name: &'static str, command: Command) -> Result<()> {
        let mut child = self.start(name, command)?;
        let status = self.wait_for(name, || child.try_wait().map_err(Into::into))?;
        if !status.success() {
            bail!("{name} ended with {status}");
        }
        Ok(())
    }

    /// Kills a process.
    pub fn kill(&mut self, name: &str) -> Result<()> {
        let found = self
            .running
            .iter()
            .position(|(running, _)| *running == name);
        let (_, mut child) = self
            .running
            .swap_remove(found.with_context(|| format!("{name} does not run"))?);
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Waits until a condition has come true, as long as all processes are running.
    pub fn wait_for<T>(
        &mut self,
        what: &str,
        mut condition: impl FnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let begun = Instant::now();
        loop {
            if let Some(value) = condition()? {
                return Ok(value);
            }
            for (name, child) in &mut self.running {
                if let Some(status) = child.try_wait()? {
                    return Err(Ended { name, status }.into());
                }
            }
            if begun.elapsed() > START_TIMEOUT {
                bail!("timed out: {what}, after {START_TIMEOUT:?}");
            }
            thread::sleep(INTERVAL);
        }
    }

    /// Identifiers of those that should keep running.
    pub fn processes(&self) -> Vec<u32> {
        self.running.iter().map(|(_, child)| child.id()).collect()
    }

    /// The last lines of every log.
    pub fn log_tail(&self) -> String {
        let files = fs::read_dir(&self.directory)
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .map(|file| file.path());
        let mut logs: Vec<_> = files
            .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
            .collect();
        logs.sort();
        let tails: Vec<String> = logs.iter().map(|log| tail(log)).collect();
        tails.join("\n")
    }

    fn start(&self, name: &str, mut command: Command) -> Result<Child> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.directory.join(format!("{name}.log")))?;
        let group = i32::try_from(self.guard.id())?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(group);
        command
            .spawn()
            .with_context(|| format!("{} cannot be run", command.get_program().display()))
    }
}

impl Drop for Daemons {
    fn drop(&mut self) {
        // Whatever has ended before has nothing left to wait for.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        for (_, child) in &mut self.running {
            let _ = child.wait();
        }
    }
}

fn tail(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(TAIL)..];
    format!("--- {}\n{}", log.display(), last.join("\n"))
}
