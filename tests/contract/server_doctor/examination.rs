//! An examination of a deployment, and what it found.

use anyhow::{Context, Result, ensure};
use restow_tests::ServerOptions;
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::fixture::{System, executable};

/// What `restow-server doctor` printed, as JSON and as text.
#[derive(Debug)]
pub(super) struct Examination {
    pub(super) findings: Vec<Value>,
    pub(super) text: String,
    pub(super) succeeded: bool,
}

impl Examination {
    /// An examination of a system as it is.
    pub(super) async fn of(system: &System) -> Result<Self> {
        let options = ServerOptions::new(executable(), system.server.data_dir());
        Self::with(options.with_environment(system.environment())).await
    }

    /// An examination of a system's bucket and database, with some variables changed.
    pub(super) async fn changed(system: &System, changes: &[(&str, &str)]) -> Result<Self> {
        Self::with(options_with(system, changes)).await
    }

    /// An examination of what the options name: twice, since it prints text or JSON.
    pub(super) async fn with(options: ServerOptions) -> Result<Self> {
        let (json, text) = spawn_blocking(move || {
            let json = options.output(&["doctor", "--json"])?;
            Ok::<_, anyhow::Error>((json, options.output(&["doctor"])?))
        })
        .await??;
        let said = String::from_utf8(json.stdout)?;
        let stderr = String::from_utf8_lossy(&json.stderr).into_owned();
        let findings: Value = serde_json::from_str(&said).context(format!("{said} {stderr}"))?;
        let succeeded = json.status.success();
        ensure!(text.status.success() == succeeded, "two outcomes: {said}");
        ensure!(json.status.code() == Some(i32::from(!succeeded)));
        Ok(Self {
            findings: findings.as_array().cloned().context("no list")?,
            text: String::from_utf8(text.stdout)?,
            succeeded,
        })
    }

    /// The names of the checks, in order.
    pub(super) fn names(&self) -> Vec<&str> {
        let names = self.findings.iter();
        names.filter_map(|found| found["name"].as_str()).collect()
    }

    fn find(&self, name: &str) -> Result<&Value> {
        let found = self.findings.iter().find(|found| found["name"] == name);
        found.with_context(|| format!("no check {name}: {}", self.text))
    }

    /// The result of a check.
    pub(super) fn status(&self, name: &str) -> Result<&str> {
        self.find(name)?["status"].as_str().context("no status")
    }

    /// Checks the result of a check, and parts of its message and of its advice, which is also in the text.
    pub(super) fn assert(
        &self,
        name: &str,
        status: &str,
        message: &str,
        advice: &str,
    ) -> Result<()> {
        let found = self.find(name)?;
        let contains =
            |field: &str, part: &str| found[field].as_str().unwrap_or_default().contains(part);
        ensure!(
            found["status"] == status,
            "{name} is not {status}: {}",
            self.text
        );
        ensure!(contains("message", message), "{message:?}: {found}");
        ensure!(contains("advice", advice), "{advice:?}: {found}");
        ensure!(self.text.contains(advice), "{advice:?}: {}", self.text);
        Ok(())
    }

    /// The same for a check that failed, which the exit code has to say.
    pub(super) fn assert_failed(&self, name: &str, message: &str, advice: &str) -> Result<()> {
        ensure!(!self.succeeded, "it succeeded: {}", self.text);
        self.assert(name, "failed", message, advice)
    }

    /// Checks that these checks were not made.
    pub(super) fn assert_skipped(&self, names: &[&str]) -> Result<()> {
        for name in names {
            ensure!(self.status(name)? == "skipped", "{name}: {}", self.text);
        }
        Ok(())
    }
}

/// Options that lead to the bucket and the database of a system, with some variables changed.
pub(super) fn options_with(system: &System, changes: &[(&str, &str)]) -> ServerOptions {
    let mut environment = system.environment();
    environment.extend(system.place.environment(&system.place.endpoint));
    for (name, value) in changes {
        environment.retain(|(found, _)| found != name);
        environment.push((name.to_string(), value.to_string()));
    }
    ServerOptions::new(executable(), system.server.data_dir()).with_environment(environment)
}
