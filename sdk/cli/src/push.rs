//! `restow push`.

mod arguments;
mod ci;
mod command_line;
mod destination;
mod directory;
mod dry_run;
mod glob;
mod outcome;
mod report_argument;
mod skipped;
mod spool;
mod summary;
mod target;
mod upload;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::{StreamExt, stream};
use tempfile::NamedTempFile;

pub use self::arguments::{EXAMPLES, PushArguments};
use self::ci::Reports;
use self::command_line::command_line;
use self::destination::Destinations;
use self::outcome::{FileOutcome, Pushed};
use self::skipped::Skipped;
use self::summary::Summary;
use self::target::{Target, targets};
use self::upload::Observed;
use crate::context::Context;
use crate::error_code::{combined_exit_code, exit_code, is_interruption};
use crate::failure::{Failure, JobContext};
use crate::progress::{ProgressView, Status, Track};
use crate::report::{self, PrintedHints};
use crate::{exit, output, units};
use restow_sdk::generated::types::Dataset;
use restow_sdk::{Client, Error, Progress, ReuploadOutcome};

/// Shortest life of a token after which it is replaced by another one.
const MIN_TOKEN_LIFE: Duration = Duration::from_mins(1);

/// Uploads each file to its dataset.
pub async fn run(context: &Context, arguments: PushArguments) -> Result<()> {
    let spooled = spool_input(context, &arguments).await?;
    let spooled = spooled.as_ref().map(NamedTempFile::path);
    let targets = targets(&arguments, spooled)?;
    if arguments.selection.dry_run {
        return context
            .run(dry_run::print(context, &arguments, &targets))
            .await;
    }
    let reports = Reports::new(&arguments.report, context.output)?;
    let names: Vec<_> = targets.iter().map(|target| target.name.clone()).collect();
    let sizes: Vec<_> = targets.iter().map(Target::size).collect();
    let push = Push {
        context,
        arguments: &arguments,
        is_single: targets.len() == 1,
        skips_unchanged: arguments.skips_unchanged(),
        destinations: Destinations::new(&context.client, &arguments),
        view: ProgressView::of_files(context.output, &names, &sizes),
        confirmed: targets.iter().map(|_| AtomicU64::default()).collect(),
        printed_hints: PrintedHints::default(),
        reports,
    };
    context.delays.print_above(&push.view);
    let ended = push.push_targets(&targets).await;
    match (ended, push.reports.write()) {
        (Err(error), Err(unwritten)) => {
            report::report(context.output, &unwritten);
            Err(error)
        }
        (ended, written) => ended.and(written),
    }
}

/// The copy of the standard input, if that is to be uploaded.
async fn spool_input(
    context: &Context,
    arguments: &PushArguments,
) -> Result<Option<NamedTempFile>> {
    // More files beside it are refused.
    if !arguments.reads_standard_input() || arguments.files.len() > 1 {
        return Ok(None);
    }
    if arguments.filename.is_none() {
        let message = "standard input has no name; pass --filename, as in `--filename weather.csv`";
        return Err(Failure::Usage(message.to_string()).into());
    }
    context
        .run(async { spool::standard_input().await.map(Some) })
        .await
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
    is_single: bool,
    skips_unchanged: bool,
    destinations: Destinations<'a>,
    view: ProgressView,
    /// Bytes of each file that S3 has confirmed.
    confirmed: Vec<AtomicU64>,
    printed_hints: PrintedHints,
    reports: Reports<'a>,
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
        let started = Instant::now();
        let mut summary = Summary::default();
        let (mut codes, mut interrupted) = (Vec::new(), BTreeMap::new());
        let pushes = targets
            .iter()
            .enumerate()
            .map(|(index, target)| async move { (index, self.push_file(index, target).await) });
        let mut pushes = stream::iter(pushes).buffer_unordered(self.arguments.parallel_files());
        while let Some((index, outcome)) = pushes.next().await {
            summary.add(&outcome);
            self.view.finish(index);
            match outcome.and_then(|outcome| self.view.suspend(|| self.print(&outcome))) {
                Ok(code) => codes.push(code),
                // An interruption is reported once for all files.
                Err(error) if is_interruption(&error) => {
                    interrupted.insert(index, &targets[index]);
                }
                Err(error) => codes.push(self.report(&targets[index], &error)),
            }
        }
        self.view.clear();
        if !interrupted.is_empty() {
            let interrupted: Vec<_> = interrupted.into_iter().collect();
            return Err(self.interrupted(&interrupted));
        }
        self.context.output.note(summary.text(started.elapsed()));
        finish(combined_exit_code(codes))
    }

    /// Prints the error of one of several files, and returns its exit code.
    fn report(&self, target: &Target, error: &anyhow::Error) -> u8 {
        let (output, hints) = (self.context.output, &self.printed_hints);
        self.view
            .suspend(|| report::report_about(output, &target.name, error, hints))
    }

    /// Pushes one file, and records its result for the reports.
    async fn push_file(&self, index: usize, target: &Target) -> Result<FileOutcome> {
        let outcome = Box::pin(self.push_target(index, target)).await;
        self.reports.record(index, target, &outcome);
        outcome
    }

    /// Uploads one file and commits it as the arguments demand.
    async fn push_target(&self, index: usize, target: &Target) -> Result<FileOutcome> {
        let observed = Observed::start();
        target.check()?;
        let interrupted = || self.interrupted(&[(index, target)]);
        let resumable = |error| {
            if is_interruption(&error) {
                interrupted()
            } else {
                error
            }
        };
        let (context, client) = (self.context, &self.context.client);
        let found = self.destinations.find_or_create(target);
        let (dataset, is_new) = context.run(found).await.map_err(resumable)?;
        let track = self.view.track(index);
        if self.skips_unchanged {
            track.show(&Status::comparing());
            let unchanged = destination::unchanged(client, self.arguments, target, &dataset);
            let unchanged = context.run(unchanged).await.map_err(resumable)?;
            if let Some(version) = unchanged {
                return Ok(FileOutcome::Skipped(Box::new(Skipped {
                    file: target.name.clone(),
                    dataset,
                    version,
                    elapsed: observed.started.elapsed(),
                })));
            }
        }
        let outcome = self.upload(track, target, &dataset, &observed).await;
        if is_new && outcome.is_err() {
            // An interruption keeps it: whether the server has begun a job is unknown.
            let removal = client.delete_unused_dataset(dataset.id);
            Box::pin(context.interrupt.run_until_cancelled(removal)).await;
        }
        let reupload = match (outcome, observed.job_id.get()) {
            (Ok(reupload), _) => reupload,
            (Err(error), _) if is_interruption(&error) => return Err(interrupted()),
            (Err(error), Some(job_id)) => {
                let (id, read) = (*job_id, self.arguments.read.clone());
                return Err(error.context(JobContext { id, read }));
            }
            (Err(error), None) => return Err(error),
        };
        let elapsed = observed.started.elapsed();
        let transfer_time = observed.transfer_time(elapsed);
        Ok(FileOutcome::Pushed(Box::new(Pushed {
            file: target.name.clone(),
            dataset,
            reupload,
            elapsed,
            transfer_time,
        })))
    }

    /// Uploads a file, and continues with a new token where that of a CI job expires during the upload.
    async fn upload(
        &self,
        track: Track<'_>,
        target: &Target,
        dataset: &Dataset,
        observed: &Observed,
    ) -> Result<ReuploadOutcome> {
        let mut client = self.context.transfers.clone();
        loop {
            let started = Instant::now();
            let outcome = self.upload_with(&client, &track, target, dataset, observed);
            match outcome.await {
                // A token that was refused at once would be refused again.
                Err(error) if started.elapsed() >= MIN_TOKEN_LIFE => {
                    client = self.context.renewed_transfers(error).await?;
                }
                outcome => return Ok(outcome?),
            }
        }
    }

    async fn upload_with(
        &self,
        client: &Client,
        track: &Track<'_>,
        target: &Target,
        dataset: &Dataset,
        observed: &Observed,
    ) -> Result<ReuploadOutcome, Error> {
        let confirmed = &self.confirmed[track.index];
        let progressed = |progress: &Progress| {
            observed.record(progress, confirmed);
            track.show(&Status::of_upload(progress));
        };
        upload::reupload(self.context, client, self.arguments, target, dataset)
            .on_progress(progressed)
            .on_event(|event| {
                self.view
                    .print_line(&format!("{}: {}", target.name, outcome::event(event)));
            })
            .send()
            .await
    }

    /// Prints the result for a file, and returns its exit code.
    fn print(&self, outcome: &FileOutcome) -> Result<u8> {
        let wants_commit = self.arguments.commit.wants_commit();
        let code = if wants_commit && !outcome.is_committed() {
            exit::NOT_COMMITTED
        } else {
            0
        };
        let (output, several) = (self.context.output, !self.is_single);
        if self.reports.replace_results() {
            output.note(outcome.text(output::stderr_width(), several));
            return Ok(code);
        }
        let text = outcome.text(output::width(), several);
        match output.result(&outcome.document(), outcome.job_id(), text) {
            // The exit code stays the same if the reader of the output has closed it.
            Err(error) if code != 0 && exit_code(&error) == 0 => Ok(code),
            printed => printed.map(|()| code),
        }
    }

    /// The failure of an interrupted push, with what S3 has, and the command that resumes it.
    fn interrupted(&self, targets: &[(usize, &Target)]) -> anyhow::Error {
        let resumes = !self.arguments.no_resume;
        let effect = if resumes {
            "uploaded parts are kept; to resume"
        } else {
            "to start again"
        };
        let confirmed = |(index, _): &(usize, _)| self.confirmed[*index].load(Ordering::Relaxed);
        let confirmed: u64 = targets.iter().map(confirmed).sum();
        let total: u64 = targets.iter().map(|(_, target)| target.size()).sum();
        let held = (confirmed > 0).then(|| {
            let (held, total) = (units::bytes(confirmed), units::bytes(total));
            format!("S3 has {held} of {total}")
        });
        let targets: Vec<_> = targets.iter().map(|(_, target)| *target).collect();
        self.context
            .interrupted(held, effect, &command_line(self.arguments, &targets))
    }
}
