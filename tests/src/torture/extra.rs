//! Processes beside the deployment that should not be there, and what they send to S3.

use std::time::Duration;

use anyhow::Result;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};

use super::api::Shared;
use super::report::Section;
use super::site::Site;
use crate::fault_proxy::{Operation, Seen};
use crate::invariants::SOON;
use crate::{FaultProxy, ServerOptions, ServerProcess, WorkerProcess};

/// A process beside the deployment, with its line to S3.
pub struct Extra {
    /// How it is run.
    pub options: ServerOptions,
    line: FaultProxy,
    /// What it is, in the report.
    name: String,
}

/// A process that is killed when it is dropped.
enum Running {
    Server(Box<ServerProcess>),
    Worker { _process: WorkerProcess },
}

impl Extra {
    /// A process that does not run yet, and differs from those of the deployment by these variables.
    ///
    /// # Errors
    /// If there is no port for its line to S3.
    pub fn new(
        site: &Site,
        name: &str,
        directory: &str,
        variables: Vec<(String, String)>,
    ) -> Result<Self> {
        let line = FaultProxy::start(&site.stores.place.endpoint)?;
        let endpoint = ("RESTOW_S3_ENDPOINT".to_string(), line.url());
        let options = site.command(directory).with_environment(vec![endpoint]);
        Ok(Self {
            options: options.with_environment(variables),
            line,
            name: name.to_string(),
        })
    }

    /// Runs it for a while as a server or a worker, and beside it what removes most: the reaper, once, with the shortest
    /// times. What happens meanwhile is given the URL of the server.
    ///
    /// # Errors
    /// If it does not start, since PostgreSQL is away.
    pub async fn run(
        &self,
        is_server: bool,
        lasting: Duration,
        meanwhile: impl AsyncFnOnce(&str),
    ) -> Result<()> {
        let (started, command) = (self.options.clone(), self.options.clone());
        let running = spawn_blocking(move || {
            if is_server {
                ServerProcess::start(&started).map(|server| Running::Server(Box::new(server)))
            } else {
                WorkerProcess::start(&started).map(|process| Running::Worker { _process: process })
            }
        });
        let running = running.await??;
        let end = Instant::now() + lasting;
        if let Running::Server(server) = &running {
            meanwhile(server.url()).await;
        }
        // It fails where it reaches nothing.
        let reaping = [&["reap", "--delete-unknown-objects"][..], &SOON].concat();
        let _ = spawn_blocking(move || command.run(&reaping)).await?;
        sleep_until(end).await;
        spawn_blocking(move || drop(running)).await?;
        Ok(())
    }

    /// Counts it, and records what it has changed in S3 as violations, but for these operations.
    pub fn judge(&self, shared: &Shared, outcome: &Result<()>, allowed: &[Operation]) {
        match outcome {
            Ok(()) => shared.report.count(Section::Sabotage, &self.name),
            Err(_) => shared
                .report
                .count(Section::Sabotage, "further processes that did not start"),
        }
        let seen = self.line.seen();
        let changes = seen.iter().filter(|seen| is_change(seen));
        for change in changes.filter(|change| !allowed.contains(&change.operation)) {
            self.violate(shared, &format!("it has sent {change:?}"));
        }
    }

    /// Records a violation of it.
    pub fn violate(&self, shared: &Shared, what: &str) {
        shared.report.violate(&self.name, what);
    }
}

/// Whether a request changes anything but the marker.
fn is_change(seen: &Seen) -> bool {
    matches!(
        seen.operation,
        Operation::CreateMultipartUpload
            | Operation::CompleteMultipartUpload
            | Operation::AbortMultipartUpload
            | Operation::UploadPart(_)
            | Operation::PutObject
            | Operation::DeleteObject
    )
}
