//! A running server that another process has started: the one that the contract tests are to use.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::command::output;
use super::{S3Server, bucket};
use crate::bucket::BucketPlace;

/// Variable that describes the server that the contract tests are to use, instead of embedded ones.
pub const S3_VARIABLE: &str = "RESTOW_TEST_S3";

/// What another process has to know of a running server.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SharedS3Server {
    title: String,
    place: BucketPlace,
    garbage_collection: Option<CommandLine>,
}

/// A command that can be handed to another process.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct CommandLine {
    program: String,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    directory: PathBuf,
}

impl CommandLine {
    fn of(command: &Command) -> Option<Self> {
        let text = |text: &std::ffi::OsStr| text.to_str().map(str::to_string);
        Some(Self {
            program: text(command.get_program())?,
            arguments: command.get_args().map(text).collect::<Option<_>>()?,
            environment: command
                .get_envs()
                .map(|(name, value)| Some((text(name)?, text(value?)?)))
                .collect::<Option<_>>()?,
            directory: command.get_current_dir()?.to_path_buf(),
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(&self.environment)
            .current_dir(&self.directory);
        command
    }
}

impl SharedS3Server {
    /// What others have to know of a server.
    pub fn of(server: &S3Server) -> Self {
        Self {
            title: server.to_string(),
            place: server.place(),
            garbage_collection: server
                .garbage_collection()
                .and_then(|command| CommandLine::of(&command)),
        }
    }

    /// The server that the contract tests are to use; `None` where each of their servers has its embedded one.
    ///
    /// # Errors
    /// If the variable describes none.
    pub fn from_environment() -> Result<Option<Self>> {
        let Ok(text) = std::env::var(S3_VARIABLE) else {
            return Ok(None);
        };
        serde_json::from_str(&text)
            .map(Some)
            .with_context(|| format!("{S3_VARIABLE} describes no server"))
    }

    /// The text by which another process knows it, as [`S3_VARIABLE`].
    ///
    /// # Errors
    /// Never, in practice.
    pub fn to_variable(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// Name and version of the server.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// A new, empty bucket, to which browsers may upload.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn create_bucket(&self) -> Result<BucketPlace> {
        let place = BucketPlace {
            name: Uuid::new_v4().to_string(),
            ..self.place.clone()
        };
        bucket::create(&place).with_context(|| format!("{} makes no bucket", self.title))?;
        Ok(place)
    }

    /// Removes for good the data that nothing refers to, where the server puts that off.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn collect_garbage(&self) -> Result<()> {
        let Some(command) = &self.garbage_collection else {
            return Ok(());
        };
        output(command.command())
            .map(|_| ())
            .with_context(|| self.title.clone())
    }
}
