//! A worker, as a process of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

use crate::ServerOptions;

/// A running worker, which is killed when it is dropped.
#[derive(Debug)]
pub struct WorkerProcess {
    child: Child,
    log: PathBuf,
    probes_url: Option<String>,
    metrics_url: Option<String>,
}

impl WorkerProcess {
    /// Starts a worker and waits until it works; its log goes to the data directory.
    ///
    /// # Errors
    /// If it ends before; its log contains the reason.
    pub fn start(options: &ServerOptions) -> Result<Self> {
        fs::create_dir_all(&options.data_dir)?;
        let log = options.data_dir.join("worker.log");
        let mut command = options.command();
        command
            .arg("worker")
            .arg("--data-dir")
            .arg(&options.data_dir)
            .args(&options.arguments);
        let output = File::options().create(true).append(true).open(&log)?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(output)
            .spawn()?;
        let stdout = child.stdout.take().map(BufReader::new);
        let lines = stdout.into_iter().flat_map(BufRead::lines);
        let announcement: Vec<_> = lines
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .collect();
        if announcement
            .first()
            .is_none_or(|line| line != "worker started")
        {
            bail!(
                "the worker ended with {}: {}",
                child.wait()?,
                fs::read_to_string(&log)?
            );
        }
        let address = |name: &str| {
            let found = announcement.iter().find_map(|line| line.strip_prefix(name));
            found.map(str::to_string)
        };
        Ok(Self {
            child,
            log,
            probes_url: address("  probes "),
            metrics_url: address("  metrics "),
        })
    }

    /// Identifier of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// URL of its probes, if it serves them.
    pub fn probes_url(&self) -> Option<&str> {
        self.probes_url.as_deref()
    }

    /// URL of its metrics, where they have an address of their own.
    pub fn metrics_url(&self) -> Option<&str> {
        self.metrics_url.as_deref()
    }

    /// Everything that the worker has logged.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn log(&self) -> Result<String> {
        fs::read_to_string(&self.log).context("the worker's log cannot be read")
    }

    /// How the worker ended, if it has.
    ///
    /// # Errors
    /// If the system does not report it.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Kills the worker, as a crash would.
    ///
    /// # Errors
    /// If it cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Requests the worker to stop, and waits until it has.
    ///
    /// # Errors
    /// If no signal can be sent.
    pub fn stop(mut self) -> Result<ExitStatus> {
        self.signal("TERM")?;
        Ok(self.child.wait()?)
    }

    /// Stops the worker in the middle of whatever it does, until it is resumed.
    ///
    /// # Errors
    /// If no signal can be sent.
    pub fn suspend(&self) -> Result<()> {
        self.signal("STOP")
    }

    /// Resumes the worker.
    ///
    /// # Errors
    /// If no signal can be sent.
    pub fn resume(&self) -> Result<()> {
        self.signal("CONT")
    }

    fn signal(&self, name: &str) -> Result<()> {
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{name} {}", self.child.id())])
            .status()?;
        if !sent.success() {
            bail!("no signal could be sent to the worker");
        }
        Ok(())
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}
