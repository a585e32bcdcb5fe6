//! What can be said on the command line, and by the same names in the environment and the configuration file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use clap::{Args, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

use crate::http::Origin;
use crate::storage::Addressing;

/// Replaces the data of datasets by uploads straight to S3.
#[derive(Debug, Parser)]
#[command(
    name = "restow-server",
    version,
    after_help = "Every option can also be set by its RESTOW_ variable, or under its long name in the TOML file that \
                  --config names. The command line wins over the environment, and that over the file.\n\n\
                  To try it: restow-server serve"
)]
pub struct Arguments {
    #[command(flatten)]
    pub logging: LoggingArguments,
    /// TOML file with any of the options, by their long names
    #[arg(long, env = "RESTOW_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API, with a worker and a reaper beside it
    #[command(
        after_help = "Example, on the embedded database and S3:\n  restow-server serve --data-dir ./restow-data\n\n\
                            Example, on AWS:\n  restow-server serve --s3-bucket my-bucket --s3-region eu-central-1"
    )]
    Serve(Box<ServeArguments>),
    /// Inspect uploaded objects, without serving the API
    #[command(
        after_help = "Example:\n  restow-server worker --s3-bucket my-bucket --database-url sqlite:restow.sqlite"
    )]
    Worker(Box<WorkArguments>),
    /// Remove what was left behind, once
    #[command(
        after_help = "Example:\n  restow-server reap --dry-run --s3-bucket my-bucket --database-url sqlite:restow.sqlite"
    )]
    Reap(Box<ReapArguments>),
    /// Take the bucket over for this database, after a restored backup or a change of buckets
    #[command(
        after_help = "Example, what is at stake:\n  restow-server adopt --s3-bucket my-bucket --database-url postgres://…\n\n\
                            Example, after looking at that:\n  restow-server adopt --yes --s3-bucket my-bucket --database-url postgres://…"
    )]
    Adopt(Box<AdoptArguments>),
    /// Bring the database's schema up to date
    #[command(after_help = "Example:\n  restow-server migrate --database-url sqlite:restow.sqlite")]
    Migrate(DatabaseArguments),
    /// Create, list and revoke tokens
    Token {
        #[command(flatten)]
        database: DatabaseArguments,
        #[command(subcommand)]
        action: TokenAction,
    },
}

#[derive(Debug, Subcommand)]
pub enum TokenAction {
    /// Create a token and show it, once
    #[command(
        after_help = "Example:\n  restow-server token create --principal alice --expires 30d"
    )]
    Create {
        /// Who the token belongs to; created where there is nobody of that name
        #[arg(long, value_name = "NAME")]
        principal: String,
        /// How long the token is valid; without it, until it is revoked
        #[arg(long, value_name = "TIME", value_parser = duration)]
        expires: Option<Duration>,
    },
    /// List all tokens, without their secrets
    List,
    /// Revoke a token
    Revoke {
        /// Identifier of the token, as `token list` shows it
        id: Uuid,
    },
}

#[derive(Args, Debug)]
pub struct LoggingArguments {
    /// How much the server itself logs
    #[arg(
        long,
        env = "RESTOW_LOG_LEVEL",
        value_name = "LEVEL",
        default_value = "info",
        global = true
    )]
    pub log_level: LogLevel,
    /// How log lines look
    #[arg(
        long,
        env = "RESTOW_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Args, Debug)]
pub struct ServeArguments {
    /// Address to serve the API on
    #[arg(
        long,
        env = "RESTOW_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    pub listen: SocketAddr,
    /// Origins whose pages may use the API in a browser, separated by commas; * for any [default: none]
    #[arg(
        long,
        env = "RESTOW_ALLOWED_ORIGINS",
        value_name = "LIST",
        value_delimiter = ','
    )]
    pub allowed_origins: Vec<Origin>,
    /// How long the body of a request may take to arrive
    #[arg(long, env = "RESTOW_BODY_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub body_timeout: Duration,
    /// Address of the embedded S3 [default: 127.0.0.1:8081, or a free port that the data directory remembers]
    #[arg(long, env = "RESTOW_EMBEDDED_S3_LISTEN", value_name = "ADDRESS")]
    pub embedded_s3_listen: Option<SocketAddr>,
    /// Leave inspections to other processes
    #[arg(long, env = "RESTOW_NO_WORKER")]
    pub no_worker: bool,
    /// Leave the removal of what was left behind to other processes
    #[arg(long, env = "RESTOW_NO_REAPER")]
    pub no_reaper: bool,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct ReapArguments {
    /// Only list what would be removed
    #[arg(long)]
    pub dry_run: bool,
    /// Remove also objects under the prefix that no job knows of; look at them with --dry-run first
    #[arg(long, conflicts_with = "dry_run")]
    pub delete_unknown_objects: bool,
    /// Stop all reapers of this deployment, until --resume: nothing expires and nothing is removed
    #[arg(long, conflicts_with_all = ["dry_run", "delete_unknown_objects", "resume"])]
    pub pause: bool,
    /// Let the reapers work again
    #[arg(long, conflicts_with_all = ["dry_run", "delete_unknown_objects"])]
    pub resume: bool,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct AdoptArguments {
    /// Take the bucket over; without it, only what is at stake is listed
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct WorkArguments {
    #[command(flatten)]
    pub database: DatabaseArguments,
    #[command(flatten)]
    pub s3: S3Arguments,
    #[command(flatten)]
    pub uploads: UploadArguments,
    #[command(flatten)]
    pub jobs: JobArguments,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Database")]
pub struct DatabaseArguments {
    /// Directory of the embedded database, the embedded S3 and the first token
    #[arg(
        long,
        env = "RESTOW_DATA_DIR",
        value_name = "DIR",
        default_value = "./restow-data",
        global = true
    )]
    pub data_dir: PathBuf,
    /// Database, as a sqlite: or postgres: URL [default: SQLite in the data directory]
    #[arg(
        long,
        env = "RESTOW_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        hide_default_value = true,
        global = true
    )]
    pub database_url: Option<String>,
}

#[derive(Args, Debug)]
#[expect(
    clippy::struct_field_names,
    reason = "the names of the fields are those of the options"
)]
#[command(
    next_help_heading = "S3 (without a bucket, an embedded one; credentials come from AWS's own chain)"
)]
pub struct S3Arguments {
    /// Bucket
    #[arg(long, env = "RESTOW_S3_BUCKET", value_name = "NAME")]
    pub s3_bucket: Option<String>,
    /// Endpoint that the server speaks to [default: that of AWS in the region]
    #[arg(long, env = "RESTOW_S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<String>,
    /// Endpoint that signed URLs name, where clients reach S3 by another one
    #[arg(long, env = "RESTOW_S3_PUBLIC_ENDPOINT", value_name = "URL")]
    pub s3_public_endpoint: Option<String>,
    /// Region
    #[arg(
        long,
        env = "RESTOW_S3_REGION",
        value_name = "NAME",
        default_value = "us-east-1"
    )]
    pub s3_region: String,
    /// Where URLs name the bucket [default: virtual on AWS, path elsewhere]
    #[arg(long, env = "RESTOW_S3_ADDRESSING", value_name = "STYLE")]
    pub s3_addressing: Option<Addressing>,
    /// What every key begins with
    #[arg(long, env = "RESTOW_S3_PREFIX", value_name = "PREFIX", default_value = "", value_parser = prefix)]
    pub s3_prefix: String,
    /// Access key that upload URLs are signed with, where it is to be one that cannot read
    #[arg(long, env = "RESTOW_S3_UPLOAD_ACCESS_KEY", value_name = "KEY")]
    pub s3_upload_access_key: Option<String>,
    /// Secret of that access key; better in the environment than on the command line
    #[arg(
        long,
        env = "RESTOW_S3_UPLOAD_SECRET_KEY",
        value_name = "SECRET",
        hide_env_values = true,
        hide_default_value = true
    )]
    pub s3_upload_secret_key: Option<String>,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Uploads")]
pub struct UploadArguments {
    /// Size of a part; it is doubled where there would be too many
    #[arg(
        long,
        env = "RESTOW_PART_SIZE",
        value_name = "SIZE",
        default_value = "16MiB"
    )]
    pub part_size: ByteSize,
    /// Largest file that goes up in one part
    #[arg(
        long,
        env = "RESTOW_SINGLE_PART_LIMIT",
        value_name = "SIZE",
        default_value = "64MiB"
    )]
    pub single_part_limit: ByteSize,
    /// Largest file [default: what S3 takes, 48.8 TiB]
    #[arg(long, env = "RESTOW_MAX_FILE_SIZE", value_name = "SIZE")]
    pub max_file_size: Option<ByteSize>,
    /// Smallest part but the last that the store takes
    #[arg(
        long,
        env = "RESTOW_MIN_PART_SIZE",
        value_name = "SIZE",
        default_value = "5MiB"
    )]
    pub min_part_size: ByteSize,
    /// Most parts that the store takes
    #[arg(
        long,
        env = "RESTOW_MAX_PARTS",
        value_name = "NUMBER",
        default_value_t = 10_000
    )]
    pub max_parts: u64,
    /// Extensions that are accepted, separated by commas [default: all]
    #[arg(
        long,
        env = "RESTOW_ALLOWED_EXTENSIONS",
        value_name = "LIST",
        value_delimiter = ','
    )]
    pub allowed_extensions: Vec<String>,
    /// How long a signed URL is good
    #[arg(long, env = "RESTOW_URL_EXPIRES", value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub url_expires: Duration,
}

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
    /// How long a deleted dataset can be undeleted, and the objects of deleted datasets and retired versions stay
    #[arg(long, env = "RESTOW_DELETE_GRACE", value_name = "TIME", default_value = "7d", value_parser = duration)]
    pub delete_grace: Duration,
    /// How long the sample rows of a version are kept after its commit
    #[arg(long, env = "RESTOW_KEEP_SAMPLES", value_name = "TIME", default_value = "30d", value_parser = duration)]
    pub keep_samples: Duration,
    /// How long jobs are listed after they have ended and nothing else is left of them
    #[arg(long, env = "RESTOW_KEEP_JOBS", value_name = "TIME", default_value = "90d", value_parser = duration)]
    pub keep_jobs: Duration,
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
    /// Longest gap in service that counts against deadlines; a longer one is added to them
    #[arg(long, env = "RESTOW_DOWNTIME_TOLERANCE", value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub downtime_tolerance: Duration,
    /// How long the reaper rests between its rounds
    #[arg(long, env = "RESTOW_REAP_INTERVAL", value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub reap_interval: Duration,
}

/// Longest time that can be set: whatever is added to a date stays one.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("should be longer than nothing".to_string()),
        Ok(duration) if duration > LONGEST => Err("should be at most ten years".to_string()),
        Ok(duration) => Ok(duration),
        Err(error) => Err(format!("{error}; write for example 90s, 24h or 7d")),
    }
}

fn prefix(text: &str) -> Result<String, String> {
    let harmless = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.'));
    let clean = !text.starts_with('/') && !text.split('/').any(|part| part == "." || part == "..");
    if !harmless || !clean || text.len() > 512 {
        return Err(
            "should consist of at most 512 letters, digits, and any of / - _ .".to_string(),
        );
    }
    Ok(if text.is_empty() || text.ends_with('/') {
        text.to_string()
    } else {
        format!("{text}/")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_prefix_is_harmless_and_ends_in_a_slash() {
        assert_eq!(prefix(""), Ok(String::new()));
        assert_eq!(prefix("team/a"), Ok("team/a/".to_string()));
        for odd in ["/a", "a/../b", "a b", "ä", "a\n"] {
            assert!(prefix(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn times_are_written_with_their_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert!(duration("0s").is_err());
        assert!(duration("90").is_err());
        assert!(duration("300000y").is_err());
    }
}
