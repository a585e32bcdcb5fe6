//! What the stages fetch, fetched by a process beside the first of them: they are busy with compiling, and it mostly waits
//! for the network.

use std::env::current_exe;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::workspace::target;
use crate::{conformance, docs, install, python, workflows};

type Fetch = fn() -> Result<()>;

/// The stages that run programs of their own, and what brings these.
const STAGES: [(&str, Fetch); 6] = [
    ("workflows", || workflows::fetch().map(drop)),
    ("deploy", || install::deploy_tools().map(drop)),
    ("instructions", install::valgrind),
    ("docs site", docs::fetch),
    ("conformance", conformance::fetch),
    ("python", python::fetch),
];

/// Brings what the tests run against, and what the stages run. A stage that lacks something tries once more, and fails
/// by itself.
///
/// # Errors
/// If something that the tests run against cannot be brought although it has to be.
pub fn fetch_all() -> Result<()> {
    install::run()?;
    for (stage, fetch) in STAGES {
        if let Err(error) = fetch() {
            println!("{stage}: {error:#}");
        }
    }
    Ok(())
}

/// The process. It goes on where a stage fails meanwhile: what it has not brought, the next run would have to.
pub struct Preparation {
    process: Child,
    output: PathBuf,
}

impl Preparation {
    /// Begins to fetch.
    ///
    /// # Errors
    /// If the process does not start.
    pub fn begin() -> Result<Self> {
        let output = target().join("preparation.log");
        let log = File::create(&output)
            .with_context(|| format!("{} cannot be written", output.display()))?;
        let process = Command::new(current_exe()?)
            .args(["install", "--all"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("failed to start the installation")?;
        Ok(Self { process, output })
    }

    /// Waits for the end, and prints what became of each program.
    ///
    /// # Errors
    /// If something cannot be brought although it has to be.
    pub fn end(mut self) -> Result<()> {
        let status = self.process.wait()?;
        print!("{}", fs::read_to_string(&self.output)?);
        ensure!(status.success(), "the installation failed: {status}");
        Ok(())
    }
}
