//! The contract tests on each combination of database and S3 server.
//!
//! A module runs on a combination if its requests to S3 or SQL can end differently there. The embedded default, SQLite
//! with the embedded S3, runs all.

use std::process::Command;
use std::thread::available_parallelism;

use anyhow::Result;

use crate::binaries::Binaries;
use crate::process::succeed;

/// Where the contract tests keep their data.
#[derive(Clone, Copy, PartialEq)]
pub enum Site {
    /// SQLite and the embedded S3.
    Embedded,
    /// PostgreSQL and SeaweedFS.
    PostgresAndSeaweedFs,
    /// SQLite and Ceph.
    Ceph,
}

/// Modules that start an S3 server or a browser of their own, whatever the combination.
const WITH_OWN_SERVERS: [&str; 3] = ["browser::", "iam::", "s3_server::"];

/// Modules in which S3 has no part, or only the embedded one.
const WITHOUT_S3: [&str; 13] = [
    "answers::",
    "command_line::",
    "cors::",
    "database_fault::",
    "dataset::",
    "http::",
    "inspection::",
    "memory::",
    "migration::",
    "ownership::",
    "shutdown::",
    "start::",
    "tls::",
];

/// Modules that start servers with the embedded S3 only.
const WITH_EMBEDDED_S3: [&str; 3] = ["command_line::", "start::", "tls::"];

/// Modules that test the router, the judge, or what a process has in memory: the statements that they lead to are run by
/// other modules, and by the tests of the store. `connections` is none of them: with it, `s3_connections` would be skipped.
const WITHOUT_SQL: [&str; 6] = [
    "conformance::",
    "cors::",
    "docs::",
    "http::",
    "memory::",
    "rate_limits::",
];

/// Where the client is killed, which no S3 server notices: of the real ones, Ceph is enough.
const KILLED_CLIENT: &str = "uploader::kill::";

/// Modules that send S3 no other requests than the modules on uploads, jobs and versions do: one real server is enough.
const WITH_ORDINARY_S3: [&str; 35] = [
    "attack::",
    "clock::",
    "conformance::",
    "connections::",
    "death::",
    "docs::",
    "downtime::",
    "events::",
    "fault::",
    "idempotency::",
    "limits::",
    "listing::",
    "logs::",
    "metrics::",
    "operator::",
    "poison::",
    "policy::",
    "probes::",
    "published::",
    "quota::",
    "rate_limits::",
    "read_only::",
    "read_options::",
    "reads::",
    "rejection::",
    "rights::",
    "same_bytes::",
    "secret_files::",
    "server_fsck::",
    "support_bundle::",
    "traces::",
    "trust::",
    "upgrade::",
    "version_diff::",
    "webhooks::",
];

/// Modules that test the command, which speaks to S3 through the SDK alone. That is tested by `uploader`.
const COMMAND: &str = "cli::";

/// Runs the contract tests. Without `own_servers`, modules that start an S3 server or a browser themselves
/// are left out; with `full`, tests that are too long for every run are not skipped.
///
/// # Errors
/// If tests fail, or a server does not start.
pub fn run(binaries: &Binaries, site: Site, own_servers: bool, full: bool) -> Result<()> {
    let tests = binaries.test("contract")?;
    let mut command = match site.servers() {
        [] => tests,
        servers => {
            let mut command = beside(binaries, servers)?;
            command.arg(tests.get_program());
            if let Some(directory) = tests.get_current_dir() {
                command
                    .current_dir(directory)
                    .env("CARGO_MANIFEST_DIR", directory);
            }
            command
        }
    };
    for module in site.skipped(own_servers) {
        command.args(["--skip", module]);
    }
    if full {
        command.env("RESTOW_TEST_FULL", "1");
    }
    // The error of a failed test names its place; backtraces of dozens of frames would hide it.
    command.env("RUST_BACKTRACE", "0");
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        command.env("RUST_TEST_THREADS", site.threads().to_string());
    }
    succeed(&mut command)
}

/// Runs the tests of the store on both databases.
///
/// # Errors
/// If tests fail, or PostgreSQL does not start.
pub fn run_store(binaries: &Binaries) -> Result<()> {
    succeed(store(binaries)?.arg("store::"))
}

/// Runs the store on databases with a million rows, and prints a table of times.
///
/// # Errors
/// If a statement reads a large table from end to end, or PostgreSQL does not start.
pub fn run_scale(binaries: &Binaries) -> Result<()> {
    succeed(store(binaries)?.args(["store::tests::scale", "--ignored", "--nocapture"]))
}

/// The tests of the server crate beside PostgreSQL.
fn store(binaries: &Binaries) -> Result<Command> {
    let tests = binaries.test("restow_server")?;
    let mut command = beside(binaries, &[&["with-postgres"]])?;
    command.arg(tests.get_program());
    if let Some(directory) = tests.get_current_dir() {
        command
            .current_dir(directory)
            .env("CARGO_MANIFEST_DIR", directory);
    }
    Ok(command)
}

impl Site {
    /// The commands of `system` that start the servers.
    fn servers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Embedded => &[],
            Self::PostgresAndSeaweedFs => &[&["with-postgres"], &["with-s3", "seaweedfs"]],
            Self::Ceph => &[&["with-s3", "ceph"]],
        }
    }

    /// The modules that are left out.
    fn skipped(self, own_servers: bool) -> Vec<&'static str> {
        let mut skipped = match self {
            Self::Embedded if own_servers => return Vec::new(),
            Self::Embedded => Vec::new(),
            Self::PostgresAndSeaweedFs => {
                let has_neither = |module: &&str| WITHOUT_SQL.contains(module);
                let alike = WITHOUT_S3.into_iter().chain(WITH_ORDINARY_S3);
                let alike = alike.filter(has_neither).chain(WITH_EMBEDDED_S3);
                alike.chain([KILLED_CLIENT, COMMAND]).collect()
            }
            Self::Ceph => {
                let ordinary = WITHOUT_S3.into_iter().chain(WITH_ORDINARY_S3);
                ordinary.chain([COMMAND]).collect()
            }
        };
        skipped.extend(WITH_OWN_SERVERS);
        skipped
    }

    /// Tests at once. Most of their time is spent waiting, so there are more than cores; Ceph takes cores of its own.
    fn threads(self) -> usize {
        let per_core = match self {
            // Of the time with PostgreSQL and SeaweedFS, more is waiting.
            Self::PostgresAndSeaweedFs => 4,
            Self::Embedded => 3,
            Self::Ceph => 2,
        };
        per_core * available_parallelism().map_or(1, usize::from)
    }
}

/// The command that starts servers by the commands of `system`, and runs the program that is to be appended.
fn beside(binaries: &Binaries, servers: &[&[&str]]) -> Result<Command> {
    let system = binaries.program("system")?;
    let mut command = Command::new(system);
    for (number, server) in servers.iter().enumerate() {
        if number > 0 {
            command.arg(system);
        }
        command.args(*server);
    }
    Ok(command)
}
