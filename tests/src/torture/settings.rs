//! How the deployment is set: everything that takes hours in life happens within a minute.

use chrono::TimeDelta;

/// How long a job waits for its upload after URLs were last requested.
pub const JOB_DEADLINE: TimeDelta = TimeDelta::seconds(25);

/// How long after its deadline a job is left alone.
pub const JOB_GRACE: TimeDelta = TimeDelta::seconds(5);

/// How long an inspected object waits for its commit.
pub const PREVIEW_DEADLINE: TimeDelta = TimeDelta::seconds(40);

/// Duration of a job's lease without a heartbeat.
pub const LEASE: TimeDelta = TimeDelta::seconds(3);

/// How many versions are kept beside the current one.
pub const KEEP_VERSIONS: usize = 3;

/// Bytes that each principal may store.
pub const QUOTA: i64 = 120 * 1024 * 1024;

/// Jobs that each principal may have under way.
pub const MAX_OPEN_JOBS: u64 = 25;

/// Who the clients are, in turn.
pub const PRINCIPALS: [&str; 5] = ["ada", "berta", "carl", "dora", "emil"];

/// What every process is reported.
pub fn environment() -> Vec<(String, String)> {
    let seconds = |time: TimeDelta| format!("{}s", time.num_seconds());
    let variables = [
        ("RESTOW_PART_SIZE", "5MiB".to_string()),
        ("RESTOW_SINGLE_PART_LIMIT", "5MiB".to_string()),
        ("RESTOW_URL_EXPIRES", "20s".to_string()),
        ("RESTOW_JOB_DEADLINE", seconds(JOB_DEADLINE)),
        ("RESTOW_JOB_GRACE", seconds(JOB_GRACE)),
        ("RESTOW_PREVIEW_DEADLINE", seconds(PREVIEW_DEADLINE)),
        ("RESTOW_LEASE", seconds(LEASE)),
        ("RESTOW_QUOTA", QUOTA.to_string()),
        ("RESTOW_MAX_OPEN_JOBS", MAX_OPEN_JOBS.to_string()),
        ("RESTOW_KEEP_VERSIONS", KEEP_VERSIONS.to_string()),
        ("RESTOW_SWEEP_GRACE", "30s".to_string()),
        ("RESTOW_REAP_INTERVAL", "3s".to_string()),
        // Clients look at jobs however old they are, and downtime makes them older.
        ("RESTOW_KEEP_JOBS", "3650d".to_string()),
    ];
    variables
        .map(|(name, value)| (name.to_string(), value))
        .into()
}
