//! A PostgreSQL cluster of a test's own: in a temporary directory, reached by a socket, gone at the end.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// Variable that names the directory of the socket of a cluster that the contract tests are to use.
pub const POSTGRES_VARIABLE: &str = "RESTOW_TEST_POSTGRES";

/// Where Debian keeps PostgreSQL's own programs, which are not on the path.
const DEBIAN_ROOT: &str = "/usr/lib/postgresql";

/// What keeps a cluster off the network.
const OPTIONS: &str = "-c listen_addresses='' -c max_connections=400";

/// What makes a cluster fast. It would not outlive the machine, but it forgets no commit when only its processes die, as
/// tests have them do.
const WITHOUT_FSYNC: &str = "-c fsync=off -c full_page_writes=off";

/// A running cluster, which is stopped when it is dropped.
#[derive(Debug)]
pub struct Postgres {
    directory: TempDir,
    programs: PathBuf,
    /// Further options of the server.
    options: String,
}

impl Postgres {
    /// Whether PostgreSQL's programs are on this machine.
    pub fn is_installed() -> bool {
        programs().is_ok()
    }

    /// Makes and starts a cluster.
    ///
    /// # Errors
    /// If PostgreSQL is not installed; the error explains how to.
    pub fn start() -> Result<Self> {
        Self::start_with(WITHOUT_FSYNC)
    }

    /// Makes and starts a cluster that writes to disk as a real one does, with further options of the server.
    ///
    /// # Errors
    /// If PostgreSQL is not installed; the error explains how to.
    pub fn start_with(options: &str) -> Result<Self> {
        let programs = programs()?;
        let directory = TempDir::with_prefix("restow-postgres-")?;
        // PostgreSQL refuses to run as root, so the user that it runs as needs the directory.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777))?;
        let cluster = Self {
            directory,
            programs,
            options: options.to_string(),
        };
        cluster.run(
            "initdb",
            &[
                "--auth=trust",
                "--username=restow",
                "--no-sync",
                "--encoding=UTF8",
            ],
        )?;
        cluster.restart()?;
        Ok(cluster)
    }

    /// Name and version, as the server's own program prints them.
    ///
    /// # Errors
    /// If the program cannot be run.
    pub fn version(&self) -> Result<String> {
        let output = Command::new(self.programs.join("postgres"))
            .arg("--version")
            .output()?
            .stdout;
        Ok(String::from_utf8(output)?.trim().to_string())
    }

    /// Directory of the cluster's socket.
    pub fn socket(&self) -> &Path {
        self.directory.path()
    }

    /// The URL of a new, empty database of the cluster whose socket is in that directory.
    ///
    /// # Errors
    /// If the cluster does not respond.
    pub fn create_database(socket: &Path, name: &str) -> Result<String> {
        let socket = socket.display();
        let created = Command::new(programs()?.join("createdb"))
            .args(["--host", &socket.to_string(), "--username", "restow", name])
            .status()?;
        if !created.success() {
            bail!("the database {name} could not be created");
        }
        Ok(format!("postgres://restow@localhost/{name}?host={socket}"))
    }

    /// Copies a database of the cluster whose socket is in that directory, as a restored backup would be, and returns the
    /// URL of the copy. Open connections to it are closed.
    ///
    /// # Errors
    /// If the cluster refuses.
    pub fn copy_database(socket: &Path, name: &str, copy: &str) -> Result<String> {
        let statements = [
            format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false"),
            format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ),
            format!("CREATE DATABASE \"{copy}\" TEMPLATE \"{name}\""),
            format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true"),
        ];
        Self::run_sql(socket, "postgres", &statements)
            .with_context(|| format!("the database {name} could not be copied"))?;
        let socket = socket.display();
        Ok(format!("postgres://restow@localhost/{copy}?host={socket}"))
    }

    /// Copies a database that nothing is connected to, and returns the URL of the copy.
    ///
    /// # Errors
    /// If the cluster refuses.
    pub fn copy_idle_database(socket: &Path, name: &str, copy: &str) -> Result<String> {
        let statement = format!("CREATE DATABASE \"{copy}\" TEMPLATE \"{name}\"");
        Self::run_sql(socket, "postgres", &[statement])
            .with_context(|| format!("the database {name} could not be copied"))?;
        let socket = socket.display();
        Ok(format!("postgres://restow@localhost/{copy}?host={socket}"))
    }

    /// Removes a database, if there is one. Open connections to it are closed.
    ///
    /// # Errors
    /// If the cluster refuses.
    pub fn drop_database(socket: &Path, name: &str) -> Result<()> {
        let statement = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        Self::run_sql(socket, "postgres", &[statement])
            .map(drop)
            .with_context(|| format!("the database {name} could not be removed"))
    }

    /// Runs statements in a database of the cluster whose socket is in that directory, and returns what they return.
    ///
    /// # Errors
    /// If one of them fails.
    pub fn run_sql(socket: &Path, database: &str, statements: &[String]) -> Result<String> {
        let mut psql = Command::new(programs()?.join("psql"));
        psql.args(["--quiet", "--tuples-only", "--no-align"]);
        psql.args(["--set", "ON_ERROR_STOP=1", "--username", "restow"]);
        psql.arg("--host").arg(socket).args(["--dbname", database]);
        for statement in statements {
            psql.arg("--command").arg(statement);
        }
        let output = psql.output()?;
        if !output.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_string())
    }

    /// Stops the cluster at once, as a crash would.
    ///
    /// # Errors
    /// If it does not stop.
    pub fn stop(&self) -> Result<()> {
        self.run("pg_ctl", &["stop", "--mode=immediate", "--wait"])
    }

    /// Identifier of the process that all others of the cluster descend from.
    ///
    /// # Errors
    /// If it does not run.
    pub fn process(&self) -> Result<u32> {
        let file = self.directory.path().join("data/postmaster.pid");
        let first = fs::read_to_string(&file)?;
        let postmaster = first.lines().next().context("no process id")?;
        Ok(postmaster.trim().parse()?)
    }

    /// Kills the cluster's processes with SIGKILL, so that nothing that they have not yet written is.
    ///
    /// # Errors
    /// If they cannot be found, or do not end.
    pub fn kill(&self) -> Result<()> {
        let postmaster = &self.process()?.to_string();
        // A postmaster alone would leave its children to write what they have.
        let children = Command::new("pkill")
            .args(["-KILL", "-P", postmaster])
            .status()?;
        let killed = Command::new("kill").args(["-KILL", postmaster]).status()?;
        if !killed.success() {
            bail!("PostgreSQL could not be killed: {killed}, its children: {children}");
        }
        Ok(())
    }

    /// Starts the cluster again.
    ///
    /// # Errors
    /// If it does not start.
    pub fn restart(&self) -> Result<()> {
        let log = self.directory.path().join("log").display().to_string();
        let socket = self.directory.path().display();
        let options = format!("{OPTIONS} {} -k {socket}", self.options);
        self.run(
            "pg_ctl",
            &[
                "start",
                "--wait",
                "--timeout=60",
                "--log",
                &log,
                "--options",
                &options,
            ],
        )
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let mut command = self.unprivileged(program)?;
        let data = self.directory.path().join("data");
        let ended = command
            .args(arguments)
            .arg("--pgdata")
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        let ended = ended.with_context(|| format!("{program} cannot be run"))?;
        if !ended.success() {
            let log = fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
            bail!("{program} ended with {ended}: {log}");
        }
        Ok(())
    }

    fn unprivileged(&self, program: &str) -> Result<Command> {
        let program = self.programs.join(program);
        let user = Command::new("id")
            .arg("-u")
            .output()
            .context("id cannot be run")?
            .stdout;
        if user != b"0\n" {
            return Ok(Command::new(program));
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command.current_dir(self.directory.path());
        Ok(command)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.stop();
    }
}

/// The directory of PostgreSQL's programs.
fn programs() -> Result<PathBuf> {
    let has_initdb = |directory: &Path| {
        directory.join("initdb").is_file() && directory.join("createdb").is_file()
    };
    let on_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = fs::read_dir(DEBIAN_ROOT)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    debian
        .into_iter()
        .rev()
        .chain(on_path)
        .find(|directory| has_initdb(directory))
        .context("PostgreSQL is not installed; Debian: apt-get install postgresql, macOS: brew install postgresql")
}
