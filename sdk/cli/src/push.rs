//! `restow push`.

mod arguments;
mod outcome;
mod target;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::{StreamExt, stream};
use uuid::Uuid;

pub use self::arguments::{EXAMPLES, PushArguments};
use self::outcome::Pushed;
use self::target::{Target, targets};
use crate::app::App;
use crate::failure::{Failure, OfJob};
use crate::progress::{Board, Status};
use crate::{dataset, exit, report};
use restow_sdk::generated::types::Dataset;
use restow_sdk::{Error, Phase, Progress, Resume};

/// Uploads every file to its dataset.
pub async fn run(app: &App, arguments: PushArguments) -> Result<()> {
    let targets = targets(&arguments)?;
    let names: Vec<_> = targets.iter().map(|target| target.name.clone()).collect();
    let push = Push {
        app,
        arguments: &arguments,
        board: Board::new(app.output, &names),
    };
    match targets.as_slice() {
        [only] => {
            let outcome = push
                .one(0, only)
                .await
                .and_then(|pushed| push.tell(&pushed));
            finish(outcome?)
        }
        several => push.several(several).await,
    }
}

fn finish(code: u8) -> Result<()> {
    if code == 0 {
        Ok(())
    } else {
        Err(Failure::Told(code).into())
    }
}

/// One call of the command.
struct Push<'a> {
    app: &'a App,
    arguments: &'a PushArguments,
    board: Board,
}

/// What is noted of an upload while it runs.
#[derive(Default)]
struct Noted {
    job_id: OnceLock<Uuid>,
    /// How long the bytes took, without what the server does afterwards.
    sending: OnceLock<Duration>,
}

impl Noted {
    fn note(&self, progress: &Progress, began: Instant) {
        // Only the first of each counts.
        let _ = self.job_id.set(progress.job_id);
        if progress.phase > Phase::Upload {
            let _ = self.sending.set(began.elapsed());
        }
    }
}

impl Push<'_> {
    /// Pushes some files side by side. One that fails does not stop the others.
    async fn several(&self, targets: &[Target]) -> Result<()> {
        let codes = stream::iter(targets.iter().enumerate()).map(|(index, target)| async move {
            let outcome = self.one(index, target).await;
            let code = self
                .board
                .aside(|| match outcome.and_then(|pushed| self.tell(&pushed)) {
                    Ok(code) => code,
                    // That is told once for all of them.
                    Err(error) if exit::code(&error) == exit::INTERRUPTED => exit::INTERRUPTED,
                    Err(error) => report::report_about(self.app.output, Some(&target.name), &error),
                });
            (index, code)
        });
        let codes: BTreeMap<usize, u8> = codes
            .buffer_unordered(self.arguments.at_once())
            .collect()
            .await;
        let left = targets
            .iter()
            .enumerate()
            .filter(|(index, _)| codes.get(index) == Some(&exit::INTERRUPTED));
        let left: Vec<_> = left.map(|(_, target)| target).collect();
        if left.is_empty() {
            finish(exit::of_several(codes.into_values()))
        } else {
            Err(self.interrupted(&left))
        }
    }

    /// Uploads one file, and has it committed as the arguments say.
    async fn one(&self, index: usize, target: &Target) -> Result<Pushed> {
        let began = Instant::now();
        target.check()?;
        let interrupted = || self.interrupted(&[target]);
        let dataset = self
            .app
            .run(self.dataset(&target.dataset))
            .await
            .map_err(|error| {
                if exit::code(&error) == exit::INTERRUPTED {
                    interrupted()
                } else {
                    error
                }
            })?;
        let noted = Noted::default();
        let sent = self.send(index, target, &dataset, &noted, began).await;
        let reupload = match (sent, noted.job_id.get()) {
            (Ok(reupload), _) => reupload,
            (Err(Error::Cancelled), _) => return Err(interrupted()),
            (Err(error), Some(job_id)) => return Err(error).context(OfJob(*job_id)),
            (Err(error), None) => return Err(error.into()),
        };
        let elapsed = began.elapsed();
        let sending = noted.sending.get().copied().unwrap_or(elapsed);
        Ok(Pushed {
            file: target.name.clone(),
            dataset,
            reupload,
            elapsed,
            sending,
        })
    }

    async fn send(
        &self,
        index: usize,
        target: &Target,
        dataset: &Dataset,
        noted: &Noted,
        began: Instant,
    ) -> Result<restow_sdk::ReuploadOutcome, Error> {
        let arguments = self.arguments;
        let track = self.board.track(index);
        let mut reupload = self.app.transfers.reupload(dataset.id).file(&target.path);
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
        let progressed = |progress: &Progress| {
            noted.note(progress, began);
            track.show(&Status::of_upload(progress));
        };
        let reupload = reupload
            .commit(arguments.commit.into())
            .resume(if arguments.no_resume {
                Resume::Never
            } else {
                Resume::Automatic
            })
            .on_progress(progressed)
            .on_event(|notice| {
                self.board
                    .say(&format!("{}: {}", target.name, outcome::notice(notice)))
            })
            .cancel_on(self.app.interrupt.clone());
        reupload.send().await
    }

    /// The dataset of this name or identifier, made if that was asked for.
    async fn dataset(&self, name_or_id: &str) -> Result<Dataset> {
        let client = &self.app.client;
        match client.find_dataset(name_or_id).await {
            Err(Error::DatasetNotFound(_))
                if self.arguments.create && !dataset::is_id(name_or_id) =>
            {
                match dataset::create(client, name_or_id).await {
                    // Somebody else was quicker.
                    Err(error) if error.error_type() == Some("name_taken") => {
                        Ok(client.find_dataset(name_or_id).await?)
                    }
                    created => Ok(created?),
                }
            }
            found => Ok(found?),
        }
    }

    /// Prints what came of a file, and gives the exit code for it.
    fn tell(&self, pushed: &Pushed) -> Result<u8> {
        let wanted = self.arguments.commit.wants_commit();
        let code = if wanted && pushed.reupload.version.is_none() {
            exit::NOT_COMMITTED
        } else {
            0
        };
        match self
            .app
            .output
            .result(&pushed.document(), pushed.reupload.job.id, pushed.text())
        {
            // Whoever has read enough is still owed the code.
            Err(error) if code != 0 && exit::code(&error) == 0 => Ok(code),
            printed => printed.map(|()| code),
        }
    }

    /// The failure of having been interrupted, with how to go on.
    fn interrupted(&self, targets: &[&Target]) -> anyhow::Error {
        let resumes = !self.arguments.no_resume;
        let effect = if resumes {
            "what S3 holds is kept; to resume"
        } else {
            "to begin anew"
        };
        self.app
            .interrupted(effect, &self.arguments.command_line(targets))
    }
}
