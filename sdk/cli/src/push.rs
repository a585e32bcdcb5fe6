//! `restow push`.

mod arguments;
mod ci;
mod command_line;
mod outcome;
mod report_argument;
mod target;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures::{StreamExt, stream};
use uuid::Uuid;

pub use self::arguments::{EXAMPLES, PushArguments};
use self::ci::Reports;
use self::command_line::command_line;
use self::outcome::Pushed;
use self::target::{Target, targets};
use crate::context::Context;
use crate::error_code::{combined_exit_code, exit_code};
use crate::failure::{Failure, JobContext};
use crate::progress::{ProgressView, Status};
use crate::{dataset, exit, output, report};
use restow_sdk::generated::types::Dataset;
use restow_sdk::{Error, Phase, Progress};

/// Uploads each file to its dataset.
pub async fn run(context: &Context, arguments: PushArguments) -> Result<()> {
    let targets = targets(&arguments)?;
    let reports = Reports::new(&arguments.report, context.output)?;
    let names: Vec<_> = targets.iter().map(|target| target.name.clone()).collect();
    let push = Push {
        context,
        arguments: &arguments,
        view: ProgressView::new(context.output, &names),
        reports,
    };
    let ended = push.push_targets(&targets).await;
    match (ended, push.reports.write()) {
        (Err(error), Err(unwritten)) => {
            report::report(context.output, &unwritten);
            Err(error)
        }
        (ended, written) => ended.and(written),
    }
}

fn finish(code: u8) -> Result<()> {
    if code == 0 {
        Ok(())
    } else {
        Err(Failure::Reported(code).into())
    }
}

/// One run of the command.
struct Push<'a> {
    context: &'a Context,
    arguments: &'a PushArguments,
    view: ProgressView,
    reports: Reports<'a>,
}

/// What progress callbacks record about an upload.
struct Observed {
    started: Instant,
    job_id: OnceLock<Uuid>,
    /// Duration of the transfer to S3, without completion and inspection.
    transfer_time: OnceLock<Duration>,
}

impl Observed {
    fn start() -> Self {
        Self {
            started: Instant::now(),
            job_id: OnceLock::new(),
            transfer_time: OnceLock::new(),
        }
    }

    fn record(&self, progress: &Progress) {
        // `set` keeps the first value, and returns an error for later ones.
        let _ = self.job_id.set(progress.job_id);
        if progress.phase > Phase::Upload {
            let _ = self.transfer_time.set(self.started.elapsed());
        }
    }
}

impl Push<'_> {
    async fn push_targets(&self, targets: &[Target]) -> Result<()> {
        match targets {
            [only] => {
                let outcome = self.push_file(0, only).await;
                finish(outcome.and_then(|pushed| self.print(&pushed))?)
            }
            several => self.push_files(several).await,
        }
    }

    /// Pushes several files in parallel. A failure of one does not stop the others.
    async fn push_files(&self, targets: &[Target]) -> Result<()> {
        let codes = stream::iter(targets.iter().enumerate()).map(|(index, target)| async move {
            let outcome = self.push_file(index, target).await;
            let code = self
                .view
                .suspend(|| match outcome.and_then(|pushed| self.print(&pushed)) {
                    Ok(code) => code,
                    // An interruption is reported once for all files.
                    Err(error) if exit_code(&error) == exit::INTERRUPTED => exit::INTERRUPTED,
                    Err(error) => {
                        report::report_about(self.context.output, Some(&target.name), &error)
                    }
                });
            (index, code)
        });
        let codes: BTreeMap<usize, u8> = codes
            .buffer_unordered(self.arguments.parallel_files())
            .collect()
            .await;
        let interrupted = targets
            .iter()
            .enumerate()
            .filter(|(index, _)| codes.get(index) == Some(&exit::INTERRUPTED));
        let interrupted: Vec<_> = interrupted.map(|(_, target)| target).collect();
        if interrupted.is_empty() {
            finish(combined_exit_code(codes.into_values()))
        } else {
            Err(self.interrupted(&interrupted))
        }
    }

    /// Pushes one file, and records its result for the reports.
    async fn push_file(&self, index: usize, target: &Target) -> Result<Pushed> {
        let outcome = self.push_target(index, target).await;
        self.reports.record(index, target, &outcome);
        outcome
    }

    /// Uploads one file and commits it as the arguments demand.
    async fn push_target(&self, index: usize, target: &Target) -> Result<Pushed> {
        let observed = Observed::start();
        target.check()?;
        let interrupted = || self.interrupted(&[target]);
        let dataset = self
            .context
            .run(self.dataset(&target.dataset))
            .await
            .map_err(|error| {
                if exit_code(&error) == exit::INTERRUPTED {
                    interrupted()
                } else {
                    error
                }
            })?;
        let outcome = self.upload(index, target, &dataset, &observed).await;
        let reupload = match (outcome, observed.job_id.get()) {
            (Ok(reupload), _) => reupload,
            (Err(Error::Cancelled), _) => return Err(interrupted()),
            (Err(error), Some(job_id)) => {
                let (id, read) = (*job_id, self.arguments.read.clone());
                return Err(error).context(JobContext { id, read });
            }
            (Err(error), None) => return Err(error.into()),
        };
        let elapsed = observed.started.elapsed();
        let transfer_time = observed.transfer_time.get().copied().unwrap_or(elapsed);
        Ok(Pushed {
            file: target.name.clone(),
            dataset,
            reupload,
            elapsed,
            transfer_time,
        })
    }

    async fn upload(
        &self,
        index: usize,
        target: &Target,
        dataset: &Dataset,
        observed: &Observed,
    ) -> Result<restow_sdk::ReuploadOutcome, Error> {
        let arguments = self.arguments;
        let track = self.view.track(index);
        let transfers = &self.context.transfers;
        let mut reupload = transfers.reupload(dataset.id).file(&target.path);
        if let Some(filename) = &arguments.filename {
            reupload = reupload.filename(filename);
        }
        if let Some(content_type) = &arguments.content_type {
            reupload = reupload.content_type(content_type);
        }
        if let Some(parts) = arguments.concurrency {
            reupload = reupload.concurrency(parts.get());
        }
        if let Some(replaces) = arguments.replaces {
            reupload = reupload.replaces(replaces.version());
        }
        if let Some(options) = arguments.read.options() {
            reupload = reupload.read_options(options);
        }
        let progressed = |progress: &Progress| {
            observed.record(progress);
            track.show(&Status::of_upload(progress));
        };
        let reupload = reupload
            .commit(arguments.commit.into())
            .accept(arguments.accept.accept.iter().copied())
            .force(arguments.accept.force)
            .resume(arguments.resume())
            .on_progress(progressed)
            .on_event(|event| {
                self.view
                    .print_line(&format!("{}: {}", target.name, outcome::event(event)));
            })
            .cancel_on(self.context.interrupt.clone());
        reupload.send().await
    }

    /// The dataset with this name or identifier, created if `--create` was given.
    async fn dataset(&self, name_or_id: &str) -> Result<Dataset> {
        let client = &self.context.client;
        match client.find_dataset(name_or_id).await {
            Err(Error::DatasetNotFound(_))
                if self.arguments.create && !dataset::is_id(name_or_id) =>
            {
                match dataset::create(client, name_or_id).await {
                    // Another process created it in between.
                    Err(error) if error.error_type() == Some("name_taken") => {
                        Ok(client.find_dataset(name_or_id).await?)
                    }
                    created => Ok(created?),
                }
            }
            found => Ok(found?),
        }
    }

    /// Prints the result for a file, and returns its exit code.
    fn print(&self, pushed: &Pushed) -> Result<u8> {
        let wants_commit = self.arguments.commit.wants_commit();
        let code = if wants_commit && pushed.reupload.version.is_none() {
            exit::NOT_COMMITTED
        } else {
            0
        };
        let (output, job_id) = (self.context.output, pushed.reupload.job.id);
        if self.reports.replace_results() {
            output.note(pushed.text(output::stderr_width()));
            return Ok(code);
        }
        let text = pushed.text(output::width());
        match output.result(&pushed.document(), job_id, text) {
            // The exit code stays the same if the reader of the output has closed it.
            Err(error) if code != 0 && exit_code(&error) == 0 => Ok(code),
            printed => printed.map(|()| code),
        }
    }

    /// The failure of an interrupted push, with the command that resumes it.
    fn interrupted(&self, targets: &[&Target]) -> anyhow::Error {
        let resumes = !self.arguments.no_resume;
        let effect = if resumes {
            "uploaded parts are kept; to resume"
        } else {
            "to start again"
        };
        self.context
            .interrupted(effect, &command_line(self.arguments, targets))
    }
}
