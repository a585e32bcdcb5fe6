//! Options of the command line, with the same names in the environment and the configuration file.

mod access;
mod events;
mod inspection;
mod job_action;
mod jobs;
mod limits;
mod listen;
mod monitoring;
mod s3;
mod tls;
mod uploads;
mod value;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::access::{PrincipalAction, TokenAction, TokenLife};
pub use self::events::EventsAction;
pub use self::inspection::InspectionArguments;
pub use self::job_action::{JobAction, JobFilter};
pub use self::jobs::JobArguments;
pub use self::limits::RateLimitArguments;
use self::listen::listen_address;
pub use self::monitoring::MonitoringArguments;
pub use self::s3::S3Arguments;
pub use self::tls::TlsArguments;
pub use self::uploads::UploadArguments;
use self::value::{duration, duration_or_zero};
use crate::http::{Origin, PublicUrl};
use crate::oidc::IssuerList;

/// Replaces the data of datasets by direct uploads to S3.
#[derive(Debug, Parser)]
#[command(
    name = "restow-server",
    version,
    after_help = "An option with a RESTOW_ variable can also be set by that, or under its long name in the TOML file that \
                  --config names. The command line wins over the environment, and that over the file. An empty variable \
                  counts as unset.\n\n\
                  To try it: restow-server serve"
)]
pub struct Arguments {
    #[command(flatten)]
    pub logging: LoggingArguments,
    /// TOML file with options that have a variable, by their long names
    #[arg(long, env = "RESTOW_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API, and run a worker and the reaper in the same process
    #[command(
        after_help = "Example, on the embedded database and S3:\n  restow-server serve --data-dir ./restow-data\n\n\
                            Example, on AWS:\n  restow-server serve --s3-bucket my-bucket --s3-region eu-central-1"
    )]
    Serve(Box<ServeArguments>),
    /// Inspect uploaded objects, without serving the API
    #[command(
        after_help = "Example:\n  restow-server worker --s3-bucket my-bucket --database-url sqlite:restow.sqlite"
    )]
    Worker(Box<WorkerArguments>),
    /// Run the reaper once: expire jobs, remove abandoned uploads and old versions
    #[command(
        after_help = "Example:\n  restow-server reap --dry-run --s3-bucket my-bucket --database-url sqlite:restow.sqlite"
    )]
    Reap(Box<ReapArguments>),
    /// Take the bucket over for this database, after a restored backup or a change of buckets
    #[command(
        after_help = "Examples, to list what is at stake, and then to take the bucket over:\n  \
                      restow-server adopt --s3-bucket my-bucket --database-url sqlite:restow.sqlite\n  \
                      restow-server adopt --yes --keep-webhooks --s3-bucket my-bucket --database-url sqlite:restow.sqlite"
    )]
    Adopt(Box<AdoptArguments>),
    /// Check configuration, database, bucket and signed URLs, and print what to do
    #[command(
        after_help = "It changes nothing, uploads a few bytes below datasets/.restow-doctor/ behind the prefix, and removes \
                      them again. The exit code is 1 if a check failed.\n\n\
                      Example:\n  restow-server doctor --s3-bucket my-bucket --database-url sqlite:restow.sqlite"
    )]
    Doctor(Box<DoctorArguments>),
    /// Compare the database with the bucket, and print what does not agree
    #[command(
        after_help = "It changes nothing, and can run while the deployment is in use. The exit code is 1 if something does not \
                      agree, and 2 if not everything could be compared.\n\n\
                      Example:\n  restow-server fsck --s3-bucket my-bucket --database-url sqlite:restow.sqlite"
    )]
    Fsck(Box<FsckArguments>),
    /// Collect what support needs to know of a deployment, without secrets
    #[command(
        name = "support-bundle",
        after_help = "The bundle contains versions, the options of `serve` without secrets, the checks of `doctor`, the state of the \
                      database, and what the server at --listen says of itself. It contains no tokens, signatures, keys, \
                      filenames or names of datasets.\n\n\
                      Example:\n  restow-server support-bundle --output restow.tar.gz --config restow.toml"
    )]
    SupportBundle(Box<SupportBundleArguments>),
    /// Migrate the database schema to this release
    #[command(
        after_help = "Run it before the first start on PostgreSQL, and before the processes of a new release start. No \
                      other command changes the schema, except for `serve --migrate`, and for `serve` on SQLite.\n\n\
                      Example:\n  restow-server migrate --database-url postgres://restow@db.example/restow"
    )]
    Migrate(DatabaseArguments),
    /// Create, list and revoke tokens
    Token {
        #[command(flatten)]
        database: DatabaseArguments,
        #[command(subcommand)]
        action: TokenAction,
    },
    /// List, limit, disable and erase principals
    Principal {
        #[command(flatten)]
        database: DatabaseArguments,
        #[command(subcommand)]
        action: PrincipalAction,
    },
    /// Export the event log: every change, and requests refused for missing permissions
    Events {
        #[command(flatten)]
        database: DatabaseArguments,
        #[command(subcommand)]
        action: EventsAction,
    },
    /// List, show, end and retry jobs of all principals
    Job {
        #[command(flatten)]
        database: DatabaseArguments,
        #[command(subcommand)]
        action: JobAction,
    },
}

#[derive(Args, Debug)]
pub struct LoggingArguments {
    /// Log level of the server's own crates
    #[arg(
        long,
        env = "RESTOW_LOG_LEVEL",
        value_name = "LEVEL",
        default_value = "info",
        global = true
    )]
    pub log_level: LogLevel,
    /// Format of log lines
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
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ServeArguments {
    /// Address to serve the API on, as HOST:PORT; :PORT for all interfaces
    #[arg(
        long,
        env = "RESTOW_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        value_parser = listen_address
    )]
    pub listen: SocketAddr,
    /// URL at which clients reach this server, for /openapi.json [default: that from which it is requested]
    #[arg(long, env = "RESTOW_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// Origins whose pages may use the API in a browser, separated by commas; * for any [default: none]
    #[arg(
        long,
        env = "RESTOW_ALLOWED_ORIGINS",
        value_name = "LIST",
        value_delimiter = ','
    )]
    pub allowed_origins: Vec<Origin>,
    /// TOML file with the issuers whose tokens are accepted, as [[issuer]] tables [default: none]
    #[arg(long, env = "RESTOW_OIDC_ISSUERS", value_name = "FILE")]
    pub oidc_issuers: Option<IssuerList>,
    /// How long the body of a request may take to arrive
    #[arg(long, env = "RESTOW_BODY_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub body_timeout: Duration,
    /// Connections to the API at the same time [default: 1024, or what the limit of open file descriptors suffices for]
    #[arg(long, env = "RESTOW_MAX_CONNECTIONS", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: Option<u32>,
    /// How long a connection may be silent before and between requests, and the head of a request may take to arrive
    #[arg(long, env = "RESTOW_IDLE_TIMEOUT", value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub idle_timeout: Duration,
    /// Streams of events that each principal may have open at the same time; all of them together half of --max-connections
    #[arg(
        long,
        env = "RESTOW_MAX_EVENT_STREAMS",
        value_name = "NUMBER",
        default_value_t = 20
    )]
    pub max_event_streams: u32,
    /// How long everything is still served after SIGTERM, while /readyz returns 503
    #[arg(long, env = "RESTOW_DRAIN", value_name = "TIME", default_value = "5s", value_parser = duration_or_zero)]
    pub drain: Duration,
    /// Address of the embedded S3 [default: 127.0.0.1:8081, or a free port that the data directory remembers]
    #[arg(long, env = "RESTOW_EMBEDDED_S3_LISTEN", value_name = "ADDRESS", value_parser = listen_address)]
    pub embedded_s3_listen: Option<SocketAddr>,
    /// Migrate the database schema to this release before serving; a SQLite database always is
    #[arg(long, env = "RESTOW_MIGRATE")]
    pub migrate: bool,
    /// Do not run inspections in this process
    #[arg(long, env = "RESTOW_NO_WORKER")]
    pub no_worker: bool,
    /// Do not run the reaper in this process
    #[arg(long, env = "RESTOW_NO_REAPER")]
    pub no_reaper: bool,
    /// Refuse what changes something with 503, and run neither worker nor reaper; reads and downloads are served
    #[arg(long, env = "RESTOW_READ_ONLY")]
    pub read_only: bool,
    #[command(flatten)]
    pub rate_limits: RateLimitArguments,
    #[command(flatten)]
    pub monitoring: MonitoringArguments,
    #[command(flatten)]
    pub tls: TlsArguments,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ReapArguments {
    /// Only list what would be removed
    #[arg(long)]
    pub dry_run: bool,
    /// Also delete objects under the prefix that belong to no job; list them with --dry-run first
    #[arg(long, conflicts_with = "dry_run")]
    pub delete_unknown_objects: bool,
    /// Pause all reapers of this deployment until --resume: nothing expires and nothing is removed
    #[arg(long, conflicts_with_all = ["dry_run", "delete_unknown_objects", "resume"])]
    pub pause: bool,
    /// Let the reapers work again after --pause
    #[arg(long, conflicts_with_all = ["dry_run", "delete_unknown_objects"])]
    pub resume: bool,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct WorkerArguments {
    /// Address to serve /healthz, /readyz and, without --metrics-listen, /metrics on [default: none]
    // A variable and an entry of its own, since servers and workers may share a configuration.
    #[arg(long, env = "RESTOW_WORKER_LISTEN", value_name = "ADDRESS", value_parser = listen_address)]
    pub listen: Option<SocketAddr>,
    #[command(flatten)]
    pub monitoring: MonitoringArguments,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct AdoptArguments {
    /// Take the bucket over; without it, only what is at stake is listed
    #[arg(long)]
    pub yes: bool,
    /// Let webhooks be called by this database from then on, also those that were disabled; without it, all are disabled, so
    /// that a copy for staging does not call the receivers of production
    #[arg(long, requires = "yes")]
    pub keep_webhooks: bool,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct DoctorArguments {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub examined: ExaminedArguments,
}

/// What the checks of a deployment are about.
#[derive(Args, Debug)]
#[expect(
    clippy::doc_markdown,
    reason = "the help text shows the URL as it is typed"
)]
pub struct ExaminedArguments {
    /// Origins whose pages are to upload, separated by commas [default: https://example.com]
    #[arg(
        long,
        env = "RESTOW_ALLOWED_ORIGINS",
        value_name = "LIST",
        value_delimiter = ','
    )]
    pub allowed_origins: Vec<Origin>,
    /// TOML file with the issuers whose tokens are accepted, as [[issuer]] tables [default: none]
    #[arg(long, env = "RESTOW_OIDC_ISSUERS", value_name = "FILE")]
    pub oidc_issuers: Option<IssuerList>,
    #[command(flatten)]
    pub tls: TlsArguments,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct FsckArguments {
    /// Print a line of JSON for each finding
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub work: WorkArguments,
}

#[derive(Args, Debug)]
pub struct SupportBundleArguments {
    /// File to write, if its name ends in .tar.gz or .tgz; - for standard output; or else directory to create
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Address at which a server of the deployment listens
    #[arg(
        long,
        env = "RESTOW_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        value_parser = listen_address
    )]
    pub listen: SocketAddr,
    /// Address at which it serves metrics, if that is another one
    #[arg(long, env = "RESTOW_METRICS_LISTEN", value_name = "ADDRESS", value_parser = listen_address)]
    pub metrics_listen: Option<SocketAddr>,
    #[command(flatten)]
    pub examined: ExaminedArguments,
}

#[derive(Args, Debug)]
pub struct WorkArguments {
    /// How long the whole shutdown may take, the drain included
    #[arg(long, env = "RESTOW_SHUTDOWN_TIMEOUT", value_name = "TIME", default_value = "25s", value_parser = duration)]
    pub shutdown_timeout: Duration,
    #[command(flatten)]
    pub database: DatabaseArguments,
    #[command(flatten)]
    pub s3: S3Arguments,
    #[command(flatten)]
    pub uploads: UploadArguments,
    #[command(flatten)]
    pub jobs: JobArguments,
    #[command(flatten)]
    pub inspection: InspectionArguments,
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
    /// File with the URL of the database, in the place of --database-url
    #[arg(
        long,
        env = "RESTOW_DATABASE_URL_FILE",
        value_name = "FILE",
        global = true
    )]
    pub database_url_file: Option<PathBuf>,
}

impl Command {
    /// What operators see of the process, for those commands that run for long.
    pub fn monitoring(&self) -> Option<&MonitoringArguments> {
        match self {
            Self::Serve(serve) => Some(&serve.monitoring),
            Self::Worker(worker) => Some(&worker.monitoring),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn argument_definitions_are_consistent() {
        Arguments::command().debug_assert();
    }
}
