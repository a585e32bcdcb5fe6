//! Options of jobs: deadlines, quotas, retention, background work.

use std::time::Duration;

use bytesize::ByteSize;
use clap::Args;

use super::value::duration;

#[derive(Args, Debug)]
#[command(next_help_heading = "Jobs")]
pub struct JobArguments {
    /// How long a job waits for its upload after the last request for URLs; six days at most in total
    #[arg(long, env = "RESTOW_JOB_DEADLINE", value_name = "TIME", default_value = "24h", value_parser = duration)]
    pub job_deadline: Duration,
    /// How long after its deadline a job expires
    #[arg(long, env = "RESTOW_JOB_GRACE", value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub job_grace: Duration,
    /// How long a ready or rejected job waits for its commit
    #[arg(long, env = "RESTOW_PREVIEW_DEADLINE", value_name = "TIME", default_value = "7d", value_parser = duration)]
    pub preview_deadline: Duration,
    /// How long a process holds a job without renewing its lease
    #[arg(long, env = "RESTOW_LEASE", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub lease: Duration,
    /// Maximum total size of the versions and open jobs of each principal [default: unlimited]
    #[arg(long, env = "RESTOW_QUOTA", value_name = "SIZE")]
    pub quota: Option<ByteSize>,
    /// Maximum number of open jobs of each principal [default: unlimited]
    #[arg(long, env = "RESTOW_MAX_OPEN_JOBS", value_name = "NUMBER")]
    pub max_open_jobs: Option<u64>,
    /// Number of versions of a dataset to keep besides the current one [default: all]
    #[arg(long, env = "RESTOW_KEEP_VERSIONS", value_name = "NUMBER")]
    pub keep_versions: Option<u64>,
    /// How long a deleted dataset can be undeleted, and the objects of deleted datasets and retired versions are kept
    #[arg(long, env = "RESTOW_DELETE_GRACE", value_name = "TIME", default_value = "7d", value_parser = duration)]
    pub delete_grace: Duration,
    /// How long the sample rows of a version are kept after its commit
    #[arg(long, env = "RESTOW_KEEP_SAMPLES", value_name = "TIME", default_value = "30d", value_parser = duration)]
    pub keep_samples: Duration,
    /// How long jobs that ended without a version, or whose version was removed, stay listed
    #[arg(long, env = "RESTOW_KEEP_JOBS", value_name = "TIME", default_value = "90d", value_parser = duration)]
    pub keep_jobs: Duration,
    /// How long events are kept, at least 2 days; deliveries of webhooks are kept a day less
    #[arg(long, env = "RESTOW_KEEP_EVENTS", value_name = "TIME", default_value = "90d", value_parser = duration)]
    pub keep_events: Duration,
    /// Let webhooks connect to private addresses too, and without TLS
    #[arg(long, env = "RESTOW_WEBHOOK_ALLOW_PRIVATE")]
    pub webhook_allow_private: bool,
    /// Minimum age of an upload that belongs to no job before it is aborted
    #[arg(long, env = "RESTOW_SWEEP_GRACE", value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub sweep_grace: Duration,
    /// Longest gap in service that counts against deadlines; a longer one is added to them
    #[arg(long, env = "RESTOW_DOWNTIME_TOLERANCE", value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub downtime_tolerance: Duration,
    /// Pause between two rounds of the reaper
    #[arg(long, env = "RESTOW_REAP_INTERVAL", value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub reap_interval: Duration,
}
