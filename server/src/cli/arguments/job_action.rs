//! What an operator does with jobs.

use clap::{Args, Subcommand};
use restow_api::job::JobStatus;
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub enum JobAction {
    /// List jobs of all principals, newest first
    #[command(after_help = "Example:\n  restow-server job list --stuck")]
    List {
        #[command(flatten)]
        filter: JobFilter,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show everything that the database knows of a job
    Show {
        /// Identifier of the job
        id: Uuid,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Cancel a job that has not ended; one that is completing only when no request to S3 may be in progress
    End {
        /// Identifier of the job
        id: Uuid,
    },
    /// Make a job that is completing or inspecting due now, and forget how often it has crashed its worker
    Retry {
        /// Identifier of the job
        id: Uuid,
    },
}

/// Which jobs to list.
#[derive(Args, Debug)]
pub struct JobFilter {
    /// Only jobs in this state
    #[arg(long, value_name = "STATUS")]
    pub status: Option<JobStatus>,
    /// Only jobs of this principal
    #[arg(long, value_name = "NAME")]
    pub principal: Option<String>,
    /// Only jobs that should have moved by now: due, completing or past their deadline for too long
    #[arg(long)]
    pub stuck: bool,
    /// Maximum number of jobs
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    pub limit: u16,
}
