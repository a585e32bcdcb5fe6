//! The place that a command is run in: a home, a directory and an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use restow_sdk::Client;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::timeout;

use super::terminal::Terminal;
use crate::fixture::{System, executable};

/// How long a command may take before it is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A user's shell. Nothing of the caller's own environment or home reaches its commands.
#[derive(Debug)]
pub struct Shell {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; -1 where a signal ended it.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it said beside that.
    pub stderr: String,
}

impl Shell {
    /// One whose environment names no server.
    ///
    /// # Errors
    /// If its directories cannot be made.
    pub fn new() -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let mut variables = Vec::new();
        for (name, place) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
        ] {
            let place = directory.path().join(place);
            fs::create_dir(&place)?;
            variables.push((name.to_string(), place.display().to_string()));
        }
        fs::create_dir(directory.path().join("work"))?;
        Ok(Self {
            directory,
            variables,
        })
    }

    /// One whose environment names this server and its first token.
    ///
    /// # Errors
    /// If its directories cannot be made.
    pub fn at(system: &System) -> Result<Self> {
        Ok(Self::new()?
            .with("RESTOW_ENDPOINT", server_url(&system.client))
            .with("RESTOW_TOKEN", system.server.token()))
    }

    /// The same with another variable in its environment, in the place of the one that was there.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.variables.push((name.to_string(), value.to_string()));
        self
    }

    /// The same without a variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(found, _)| found != name);
        self
    }

    /// Where something is in the directory that commands are run in.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join("work").join(name)
    }

    /// The directory for configurations.
    pub fn config(&self) -> PathBuf {
        self.directory.path().join("config")
    }

    /// Writes a file into the directory that commands are run in.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
        Ok(fs::write(self.path(name), content)?)
    }

    /// Reads a file from there.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self, name: &str) -> Result<Bytes> {
        Ok(fs::read(self.path(name))
            .with_context(|| format!("{name} cannot be read"))?
            .into())
    }

    /// Names of everything that is there.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn files(&self) -> Result<Vec<String>> {
        let entries = fs::read_dir(self.path(""))?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = entries.collect::<Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    /// A command that was not started yet, without anything to read.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(executable());
        command
            .arg("restow")
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.path(""));
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Runs a command to its end, which is that with this exit code.
    ///
    /// # Errors
    /// If it ends otherwise, or not at all.
    pub async fn ends(&self, code: i32, arguments: &[&str]) -> Result<Ran> {
        let ran = Ran::of(self.command(arguments)).await?;
        ensure!(
            ran.code == code,
            "{arguments:?} should have ended with {code}: {ran:#?}"
        );
        Ok(ran)
    }

    /// Runs a command that succeeds.
    ///
    /// # Errors
    /// If it does not.
    pub async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        self.ends(0, arguments).await
    }

    /// What a command prints that succeeds, as JSON.
    ///
    /// # Errors
    /// If it does not succeed, or prints no JSON.
    pub async fn json(&self, arguments: &[&str]) -> Result<Value> {
        let ran = self.run(&[arguments, &["--json"]].concat()).await?;
        ensure!(
            ran.stderr.is_empty(),
            "{arguments:?} said something beside its JSON: {}",
            ran.stderr
        );
        ran.json()
    }

    /// Starts a command on a terminal with so many columns.
    ///
    /// # Errors
    /// If it does not start.
    pub fn terminal(&self, columns: u16, arguments: &[&str]) -> Result<Terminal> {
        Terminal::start(
            columns,
            executable(),
            &[&["restow"], arguments].concat(),
            |command| {
                command
                    .env_clear()
                    .env("TERM", "xterm-256color")
                    .envs(self.environment())
                    .current_dir(self.path(""))
            },
        )
    }

    /// Starts a line of a real shell's on a terminal, where `restow` is the command.
    ///
    /// # Errors
    /// If it does not start.
    pub fn terminal_of_sh(&self, columns: u16, line: &str) -> Result<Terminal> {
        let script = format!("restow() {{ '{}' restow \"$@\"; }}\n{line}", executable());
        Terminal::start(columns, "/bin/sh", &["-c", &script], |command| {
            let command = command
                .env_clear()
                .env("TERM", "xterm-256color")
                .env("PATH", "/usr/bin:/bin");
            command.envs(self.environment()).current_dir(self.path(""))
        })
    }
}

impl Ran {
    /// Runs a command to its end.
    ///
    /// # Errors
    /// If it has none within a minute.
    pub async fn of(mut command: Command) -> Result<Self> {
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let output = timeout(PATIENCE, child.wait_with_output()).await;
        let output = output.with_context(|| format!("{:?} does not end", command.as_std()))??;
        Ok(Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }

    /// The JSON that it printed.
    ///
    /// # Errors
    /// If that is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("no JSON: {self:#?}"))
    }

    /// The error that it told as JSON, in one line and with nothing else.
    ///
    /// # Errors
    /// If it told none.
    pub fn error(&self) -> Result<Value> {
        ensure!(self.stderr.lines().count() == 1, "no line: {self:#?}");
        let told: Value =
            serde_json::from_str(&self.stderr).with_context(|| format!("no JSON: {self:#?}"))?;
        let has_words = |member: &str| {
            told["error"][member]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        };
        ensure!(
            has_words("type") && has_words("message"),
            "not all is told: {self:#?}"
        );
        Ok(told["error"].clone())
    }

    /// What it printed, without the end of the line.
    pub fn line(&self) -> &str {
        self.stdout.trim_end()
    }
}

/// URL of the server behind a client, as people write it.
pub fn server_url(client: &Client) -> &str {
    client
        .endpoint()
        .trim_end_matches('/')
        .trim_end_matches("/api")
}

/// Whether something is there, also if it is a link to nowhere.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
