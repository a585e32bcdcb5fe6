//! `restow jobs` and `restow job`.

use anyhow::Result;
use clap::{Args, Subcommand};
use uuid::Uuid;

use crate::accept_arguments::AcceptArguments;
use crate::context::Context;
use crate::failure::JobContext;
use crate::printable::printable;
use crate::progress::{ProgressView, Status};
use crate::read_arguments::ReadArguments;
use crate::replaces::Replaces;
use crate::{job_reference, list, preview, table, units};
use restow_sdk::Error;
use restow_sdk::generated::types::{CommitJobRequest, InspectJobRequest, Job, JobStatus, Version};

/// Arguments of `restow jobs`.
#[derive(Args, Debug)]
pub struct JobsArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    pub dataset: String,
    /// Only jobs in this state
    #[arg(long, value_name = "STATE", value_parser = job_status_parser())]
    pub status: Option<JobStatus>,
}

/// Commands on a job.
#[derive(Debug, Subcommand)]
pub enum JobAction {
    /// Show the state of a job
    #[command(after_help = "Example:\n  restow job show 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d")]
    Show {
        /// Identifier of the job, the beginning of one, or a dataset for its newest job
        #[arg(value_name = "JOB|DATASET")]
        job: String,
    },
    /// Wait until the file of a job is inspected
    #[command(after_help = "Example:\n  restow job wait 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d")]
    Wait {
        /// Identifier of the job, the beginning of one, or a dataset for its newest job
        #[arg(value_name = "JOB|DATASET")]
        job: String,
    },
    /// Inspect the uploaded file of a job again, without uploading it
    #[command(after_help = "What is not given is detected.\n\nExample:\n  \
                            restow job inspect 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d --delimiter ';' --decimal ,")]
    Inspect {
        /// Identifier of the job, the beginning of one, or a dataset for its newest job
        #[arg(value_name = "JOB|DATASET")]
        job: String,
        /// How to read the file
        #[command(flatten)]
        read: Box<ReadArguments>,
    },
    /// Make the uploaded file of a job the current version
    #[command(
        after_help = "Examples:\n  restow job commit 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d --replaces 3\n  \
                            restow job commit 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d --accept column_removed"
    )]
    Commit {
        /// Identifier of the job, the beginning of one, or a dataset for its newest job
        #[arg(value_name = "JOB|DATASET")]
        job: String,
        /// Commit only if this version is current, or `none` if there is none [default: the version that was current when the job began]
        #[arg(long, value_name = "VERSION|none")]
        replaces: Option<Replaces>,
        /// What to accept
        #[command(flatten)]
        accept: AcceptArguments,
    },
    /// Cancel a job and delete what it has uploaded
    #[command(after_help = "Example:\n  restow job cancel 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d")]
    Cancel {
        /// Identifier of the job, the beginning of one, or a dataset for its newest job
        #[arg(value_name = "JOB|DATASET")]
        job: String,
    },
}

/// Lists the jobs of a dataset.
pub async fn list(context: Context, arguments: JobsArguments) -> Result<()> {
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    let mut request = context
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset.id)
        .limit(list::PAGE_SIZE);
    if let Some(status) = arguments.status {
        request = request.status(status);
    }
    let header = format!(
        "{:36}  {:15}  {:20}  {:>11}  FILENAME",
        "ID", "STATE", "CREATED", "SIZE"
    );
    let row = |job: &Job| {
        let (status, created) = (job.status.to_string(), units::time(job.created_at));
        let size = units::bytes(units::unsigned(job.file_size));
        format!(
            "{}  {status:15}  {created:20}  {size:>11}  {}",
            job.id,
            printable(&job.filename)
        )
    };
    list::print(context.output, request.stream(), &header, |job| job.id, row).await
}

impl JobAction {
    /// The job, as it was given.
    fn job(&self) -> &str {
        match self {
            Self::Show { job }
            | Self::Wait { job }
            | Self::Inspect { job, .. }
            | Self::Commit { job, .. }
            | Self::Cancel { job } => job,
        }
    }
}

/// Runs a command on a job.
pub async fn run(context: Context, action: JobAction) -> Result<()> {
    let client = &context.client;
    let id = job_reference::find(client, action.job()).await?;
    match action {
        JobAction::Show { .. } => {
            let job = client
                .call(|| client.api().get_job().job_id(id).send())
                .await?;
            context.output.result(&job, job.id, description(&job))
        }
        JobAction::Wait { .. } => wait(&context, id).await,
        JobAction::Inspect { read, .. } => inspect(&context, id, &read).await,
        JobAction::Commit {
            replaces, accept, ..
        } => {
            let version = commit(&context, id, replaces, &accept)
                .await
                .map_err(|error| with_job(error, id, &ReadArguments::default()))?;
            let text = committed_text(&version, id);
            context.output.result(&version, version.version, text)
        }
        JobAction::Cancel { .. } => {
            let job = client
                .call(|| client.api().cancel_job().job_id(id).send())
                .await?;
            context
                .output
                .result(&job, job.id, format!("job {} is {}", job.id, job.status))
        }
    }
}

async fn wait(context: &Context, id: Uuid) -> Result<()> {
    let job = waited(context, id).await?;
    context.output.result(&job, job.id, description(&job))
}

/// Inspects a file again, waits, and shows the result.
async fn inspect(context: &Context, id: Uuid, read: &ReadArguments) -> Result<()> {
    let client = &context.client;
    let body = InspectJobRequest {
        read_options: read.options(),
    };
    let request = || client.api().inspect_job().job_id(id);
    client.call(|| request().body(body.clone()).send()).await?;
    waited(context, id)
        .await
        .map_err(|error| with_job(error, id, read))?;
    preview::show(context, id).await
}

async fn waited(context: &Context, id: Uuid) -> Result<Job, Error> {
    let view = ProgressView::new(context.output, &format!("job {id}"));
    context.delays.print_above(&view);
    let track = view.track(0);
    let waited = context
        .transfers
        .wait_with(id, |job| {
            if let Some(status) = Status::of_job(job) {
                track.show(&status);
            }
        })
        .await;
    drop(track);
    waited
}

/// Adds the job to a version conflict, a refusal or a rejection, so that the hint can name the commands that resolve it.
fn with_job(error: Error, id: Uuid, read: &ReadArguments) -> anyhow::Error {
    let is_resolvable = error.is_version_conflict()
        || matches!(
            error,
            Error::BreakingChange { .. } | Error::JobRejected { .. }
        );
    let error = anyhow::Error::new(error);
    if is_resolvable {
        let read = read.clone();
        error.context(JobContext { id, read })
    } else {
        error
    }
}

async fn commit(
    context: &Context,
    id: Uuid,
    replaces: Option<Replaces>,
    accept: &AcceptArguments,
) -> Result<Version, Error> {
    let client = &context.client;
    if let Some(Replaces(None)) = replaces {
        require_no_base_version(context, id).await?;
    }
    let body = || CommitJobRequest {
        accept: accept.accept.clone(),
        force: accept.force.then_some(true),
        replaces: replaces.and_then(Replaces::version),
    };
    client
        .call(|| client.api().commit_job().job_id(id).body(body()).send())
        .await
}

/// `--replaces none` requires that there was no version when the job began: the API cannot express that as a
/// precondition of the commit, and a dataset never loses its last version.
async fn require_no_base_version(context: &Context, id: Uuid) -> Result<(), Error> {
    let client = &context.client;
    let job = client
        .call(|| client.api().get_job().job_id(id).send())
        .await?;
    if job.base_version.is_none() {
        return Ok(());
    }
    let dataset = client
        .call(|| client.api().get_dataset().dataset_id(job.dataset_id).send())
        .await?;
    Err(Error::VersionConflict {
        expected: None,
        current: dataset.current_version,
    })
}

fn committed_text(version: &Version, id: Uuid) -> String {
    let rows = version
        .row_count
        .map(|rows| units::counted(units::unsigned(rows), "row"));
    let size = units::bytes(units::unsigned(version.file_size));
    let content = rows.map_or_else(|| size.clone(), |rows| format!("{rows}, {size}"));
    let (number, filename) = (version.version, printable(&version.filename));
    if version.job_id == id {
        format!("committed version {number}: {content} from {filename}")
    } else {
        format!(
            "the bytes are those of version {number}, which stays current; --force makes a new one"
        )
    }
}

fn description(job: &Job) -> String {
    let version = |version: Option<i64>| {
        version.map_or_else(|| "none".to_string(), |version| version.to_string())
    };
    let mut properties = vec![
        ("state", job.status.to_string()),
        ("dataset", job.dataset_id.to_string()),
        ("file", job.filename.clone()),
        ("size", units::bytes(units::unsigned(job.file_size))),
        ("type", job.content_type.clone()),
        ("replaces", version(job.base_version)),
        ("version", version(job.version)),
        ("created", units::time(job.created_at)),
    ];
    if !is_terminal(job.status) {
        properties.push(("deadline", units::time(job.deadline)));
    }
    if let Some(rows) = job.progress.rows {
        properties.push(("rows", units::count(units::unsigned(rows))));
    }
    if let Some(error) = &job.error {
        properties.push(("error", format!("{} ({})", error.msg, error.type_)));
    }
    table::properties(&format!("job {}", job.id), &properties)
}

fn is_terminal(status: JobStatus) -> bool {
    matches!(
        status,
        JobStatus::Committed | JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired
    )
}

/// Parses a state as the API spells it.
fn job_status_parser() -> impl clap::builder::TypedValueParser<Value = JobStatus> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    let states = [
        JobStatus::AwaitingUpload,
        JobStatus::Completing,
        JobStatus::Inspecting,
        JobStatus::Ready,
        JobStatus::Rejected,
        JobStatus::Committed,
        JobStatus::Failed,
        JobStatus::Cancelled,
        JobStatus::Expired,
    ];
    PossibleValuesParser::new(states.map(|state| state.to_string()))
        .try_map(|state| state.parse::<JobStatus>())
}
