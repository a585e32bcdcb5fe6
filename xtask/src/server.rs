//! The real server, as a process, for tasks that need one.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::output;
use crate::workspace::{cargo, renew};

/// Port 0 is any that is free.
const ANY_PORT: &str = "127.0.0.1:0";

/// The smallest parts that S3 takes, so that a small file has several.
const PARTS: [&str; 4] = ["--part-size", "5MiB", "--single-part-limit", "5MiB"];

/// An issuer, so that datasets can have trust rules. It is never reached.
const ISSUERS: &str = r#"[{"name": "ci", "url": "http://127.0.0.1:9", "audiences": ["restow"], "trust-rules": "github",
    "keys-min-pause": "1h"}]"#;

/// A running server with everything embedded, which is killed when it is dropped.
pub struct Server {
    child: Child,
    url: String,
    token: String,
    other_token: String,
    data_dir: PathBuf,
}

impl Server {
    /// Starts a server on an empty data directory, and waits until it serves.
    ///
    /// # Errors
    /// If it ends before; its log says why.
    pub fn start(system: Option<&Path>, data_dir: &Path) -> Result<Self> {
        Self::start_with(system, data_dir, &[])
    }

    /// Starts a server with further options.
    ///
    /// # Errors
    /// If it ends before; its log says why.
    pub fn start_with(system: Option<&Path>, data_dir: &Path, options: &[&str]) -> Result<Self> {
        renew(data_dir)?;
        let mut serve = server(system);
        serve
            .args([
                "serve",
                "--listen",
                ANY_PORT,
                "--embedded-s3-listen",
                ANY_PORT,
            ])
            .args(PARTS)
            .args(["--oidc-issuers", ISSUERS])
            .args(options);
        serve
            .arg("--data-dir")
            .arg(data_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = serve
            .stderr(File::create(log(data_dir))?)
            .spawn()
            .context("failed to start restow-server")?;
        let Some(url) = read_url(&mut child) else {
            let status = child.wait()?;
            bail!(
                "the server ended with {status}: {}",
                fs::read_to_string(log(data_dir))?
            );
        };
        let (token, other_token, data_dir) = (String::new(), String::new(), data_dir.to_path_buf());
        let mut started = Self {
            child,
            url,
            token,
            other_token,
            data_dir,
        };
        // Not the first token, whose principal administers the server.
        started.token = started.make_token(system, "alice")?;
        started.other_token = started.make_token(system, "bob")?;
        // Datasets are shared with this one.
        started.make_token(system, "carol")?;
        Ok(started)
    }

    /// URL of the server, without `/api`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// URL that the document's paths follow.
    pub fn api(&self) -> String {
        format!("{}/api", self.url)
    }

    /// Token of a principal.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Token of another principal.
    pub fn other_token(&self) -> &str {
        &self.other_token
    }

    /// Makes a token of a principal that administers the server.
    ///
    /// # Errors
    /// If the database cannot be changed.
    pub fn make_admin(&self, system: Option<&Path>) -> Result<String> {
        self.create_token(system, &["--principal", "dora", "--admin"])
    }

    /// Everything that the server has logged.
    pub fn log(&self) -> PathBuf {
        log(&self.data_dir)
    }

    fn make_token(&self, system: Option<&Path>, principal: &str) -> Result<String> {
        self.create_token(system, &["--principal", principal])
    }

    fn create_token(&self, system: Option<&Path>, options: &[&str]) -> Result<String> {
        let mut create = server(system);
        create
            .args(["token", "create"])
            .args(options)
            .arg("--data-dir")
            .arg(&self.data_dir);
        let printed = output(&mut create)?;
        Ok(printed.trim().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command of the server's program, without the caller's own configuration.
fn server(system: Option<&Path>) -> Command {
    let mut command = system.map_or_else(built, Command::new);
    command.arg("server");
    for (name, _) in std::env::vars_os() {
        let ours = name
            .to_str()
            .is_some_and(|name| name.starts_with("RESTOW_") || name.starts_with("AWS_"));
        if ours {
            command.env_remove(name);
        }
    }
    command
}

/// The program `system`. Cargo gives way to what it has built, so that killing the one kills the other.
pub fn built() -> Command {
    let mut command = cargo();
    command.args([
        "run",
        "--quiet",
        "--package",
        "restow-tests",
        "--bin",
        "system",
        "--",
    ]);
    command
}

fn log(data_dir: &Path) -> PathBuf {
    data_dir.join("server.log")
}

/// The address that the server announces, which ends with an empty line.
fn read_url(child: &mut Child) -> Option<String> {
    let stdout = child.stdout.take().map(BufReader::new);
    let lines = stdout
        .into_iter()
        .flat_map(BufRead::lines)
        .map_while(Result::ok);
    let announced: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    announced
        .iter()
        .find_map(|line| line.strip_prefix("listening on "))
        .map(str::to_string)
}
