//! Runs the command with its own home, working directory and environment.

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

/// Timeout of a command.
const COMMAND_TIMEOUT: Duration = Duration::from_mins(1);

/// The environment of commands. They inherit nothing of the environment or home of the tests.
#[derive(Debug)]
pub struct Shell {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; -1 if a signal ended it.
    pub code: i32,
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
}

impl Shell {
    /// A shell without endpoint and token.
    ///
    /// # Errors
    /// If its directories cannot be created.
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

    /// A shell with the endpoint of `system` and its first token.
    ///
    /// # Errors
    /// If its directories cannot be created.
    pub fn at(system: &System) -> Result<Self> {
        Ok(Self::new()?
            .with("RESTOW_ENDPOINT", server_url(&system.client))
            .with("RESTOW_TOKEN", system.server.token()))
    }

    /// Sets a variable, and replaces its previous value.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.variables.push((name.to_string(), value.to_string()));
        self
    }

    /// Removes a variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(found, _)| found != name);
        self
    }

    /// Path of a file in the working directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join("work").join(name)
    }

    /// The configuration directory.
    pub fn config(&self) -> PathBuf {
        self.directory.path().join("config")
    }

    /// Writes a file in the working directory.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
        Ok(fs::write(self.path(name), content)?)
    }

    /// Reads a file in the working directory.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self, name: &str) -> Result<Bytes> {
        Ok(fs::read(self.path(name))
            .with_context(|| format!("{name} cannot be read"))?
            .into())
    }

    /// Names of all files in the working directory.
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

    /// A command that is not started yet, with an empty standard input.
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

    /// A line of bash that is not started yet, with `restow` defined as the command, and an empty standard input.
    pub fn bash(&self, line: &str) -> Command {
        let script = format!("restow() {{ '{}' restow \"$@\"; }}\n{line}", executable());
        let mut command = Command::new("/bin/bash");
        command
            .args(["--norc", "-c", &script])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
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

    /// Runs a command that exits with `code`.
    ///
    /// # Errors
    /// If it exits with another code, or not within a minute.
    pub async fn ends(&self, code: i32, arguments: &[&str]) -> Result<Ran> {
        let ran = Ran::of(self.command(arguments)).await?;
        ensure!(
            ran.code == code,
            "{arguments:?} did not exit with {code}: {ran:#?}"
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

    /// Runs a command that succeeds, and returns its JSON output.
    ///
    /// # Errors
    /// If it does not succeed, or prints no JSON.
    pub async fn json(&self, arguments: &[&str]) -> Result<Value> {
        let ran = self.run(&[arguments, &["--json"]].concat()).await?;
        ensure!(
            ran.stderr.is_empty(),
            "{arguments:?} printed more than its JSON: {}",
            ran.stderr
        );
        ran.json()
    }

    /// Starts a command on a terminal with `columns`.
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

    /// Starts a script of `/bin/sh` on a terminal, with `restow` defined as the command.
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
    /// If it does not end within a minute.
    pub async fn of(mut command: Command) -> Result<Self> {
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let output = timeout(COMMAND_TIMEOUT, child.wait_with_output()).await;
        let output = output.with_context(|| format!("{:?} timed out", command.as_std()))??;
        Ok(Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }

    /// The standard output as JSON.
    ///
    /// # Errors
    /// If it is no JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("invalid JSON: {self:#?}"))
    }

    /// The error on the standard error, which must be a single line of JSON.
    ///
    /// # Errors
    /// If it is missing or incomplete.
    pub fn error(&self) -> Result<Value> {
        ensure!(
            self.stderr.lines().count() == 1,
            "not a single line: {self:#?}"
        );
        let document: Value = serde_json::from_str(&self.stderr)
            .with_context(|| format!("invalid JSON: {self:#?}"))?;
        let has_text = |member: &str| {
            document["error"][member]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        };
        ensure!(
            has_text("type") && has_text("message"),
            "incomplete error: {self:#?}"
        );
        Ok(document["error"].clone())
    }

    /// The standard output without the final line feed.
    pub fn line(&self) -> &str {
        self.stdout.trim_end()
    }
}

/// URL of the server of a client, without `/api`.
pub fn server_url(client: &Client) -> &str {
    client
        .endpoint()
        .trim_end_matches('/')
        .trim_end_matches("/api")
}

/// Whether there is a file, a directory or a link, also if the link is dangling.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Path of the file in which `restow login` stores the credentials.
pub fn credentials_file(shell: &Shell) -> PathBuf {
    shell.config().join("restow").join("credentials.json")
}
