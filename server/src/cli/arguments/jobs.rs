//! Options of jobs: deadlines, quotas, retention, background work.

use std::time::Duration;

use bytesize::ByteSize;
use clap::Args;

use super::value::duration;

#[derive(Args, Debug)]
#[command(next_help_heading = "Jobs")]
pub struct JobArguments {
    /// How long a job waits for its upload after URLs were last asked for; six days at most in all
    #[arg(long, env = "RESTOW_JOB_DEADLINE", value_name = "TIME", default_value = "24h", value_parser = duration)]
    pub job_deadline: Duration,
    /// How long after its deadline a job is left alone
    #[arg(long, env = "RESTOW_JOB_GRACE", value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub job_grace: Duration,
    /// How long an inspected object waits for its commit
    #[arg(long, env = "RESTOW_PREVIEW_DEADLINE", value_name = "TIME", default_value = "7d", value_parser = duration)]
    pub preview_deadline: Duration,
    /// How long whoever works on a job holds it without a sign of life
    #[arg(long, env = "RESTOW_LEASE", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub lease: Duration,
    /// Bytes that each principal may store, versions and uploads under way together [default: no bound]
    #[arg(long, env = "RESTOW_QUOTA", value_name = "SIZE")]
    pub quota: Option<ByteSize>,
    /// Jobs that each principal may have under way [default: no bound]
    #[arg(long, env = "RESTOW_MAX_OPEN_JOBS", value_name = "NUMBER")]
    pub max_open_jobs: Option<u64>,
    /// How many versions of a dataset are kept beside the current one [default: all]
    #[arg(long, env = "RESTOW_KEEP_VERSIONS", value_name = "NUMBER")]
    pub keep_versions: Option<u64>,
    /// How old an upload that no job knows of has to be before it is removed
    #[arg(long, env = "RESTOW_SWEEP_GRACE", value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub sweep_grace: Duration,
    /// How many objects are inspected at once
    #[arg(
        long,
        env = "RESTOW_WORKER_CONCURRENCY",
        value_name = "NUMBER",
        default_value_t = 2
    )]
    pub worker_concurrency: usize,
    /// How long the reaper rests between its rounds
    #[arg(long, env = "RESTOW_REAP_INTERVAL", value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub reap_interval: Duration,
}
