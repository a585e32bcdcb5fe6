//! The real server, as a process of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::iter;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use restow_sdk::Client;

use crate::ports::free_ports;

/// How long a server tries to get its ports, and how often.
const PORT_TIMEOUT: Duration = Duration::from_mins(1);
const PORT_RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// How a server is started.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// The `system` program, or a `restow-server`.
    pub executable: PathBuf,
    /// First argument, by which `system` runs the server; `None` for a `restow-server`.
    pub subcommand: Option<&'static str>,
    /// Directory of the embedded database and the embedded S3.
    pub data_dir: PathBuf,
    /// Address to serve the API on; port 0 for any.
    pub listen: SocketAddr,
    /// Address of the embedded S3; port 0 for any, `None` for where it was before.
    pub embedded_s3_listen: Option<SocketAddr>,
    /// Further arguments of `serve`.
    pub arguments: Vec<String>,
    /// Environment of the server and of its other commands.
    pub environment: Vec<(String, String)>,
}

impl ServerOptions {
    /// A server on free ports of this machine, run by the `system` program.
    pub fn new(executable: impl Into<PathBuf>, data_dir: impl Into<PathBuf>) -> Self {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            executable: executable.into(),
            subcommand: Some("server"),
            data_dir: data_dir.into(),
            listen: any_port,
            embedded_s3_listen: Some(any_port),
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// Adds an argument of `serve` and its value.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.arguments.extend([name.to_string(), value.to_string()]);
        self
    }

    /// Adds variables to the environment.
    #[must_use]
    pub fn with_environment(mut self, variables: Vec<(String, String)>) -> Self {
        self.environment.extend(variables);
        self
    }

    /// Runs another command of the server's program on the same data directory, and returns what it prints.
    ///
    /// # Errors
    /// If the command fails.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.output(arguments)?;
        if !output.status.success() {
            bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_string())
    }

    /// Runs another command of the server's program on the same data directory, however it ends.
    ///
    /// # Errors
    /// If the program cannot be run.
    pub fn output(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = self.command();
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(&self.data_dir);
        Ok(command.output()?)
    }

    /// A command of the server's program.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.args(self.subcommand);
        // Nothing of the caller's own configuration may reach the server.
        for (name, _) in std::env::vars()
            .filter(|(name, _)| name.starts_with("RESTOW_") || name.starts_with("AWS_"))
        {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A running server, which is killed when it is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    options: ServerOptions,
    url: String,
    s3_url: String,
    metrics_url: Option<String>,
    token: String,
}

impl ServerProcess {
    /// Starts a server and waits until it serves.
    ///
    /// # Errors
    /// If it ends before; its log contains the reason.
    pub fn start(options: &ServerOptions) -> Result<Self> {
        let begun = Instant::now();
        loop {
            match Self::start_once(options.clone()) {
                // Another process may have the port for the moment.
                Err(error) if is_port_in_use(&error) && begun.elapsed() < PORT_TIMEOUT => {
                    sleep(PORT_RETRY_INTERVAL);
                }
                started => return started,
            }
        }
    }

    fn start_once(mut options: ServerOptions) -> Result<Self> {
        // The server may be restarted on these ports.
        for address in iter::once(&mut options.listen).chain(&mut options.embedded_s3_listen) {
            if address.port() == 0 {
                let [port] = free_ports()?;
                address.set_port(port);
            }
        }
        fs::create_dir_all(&options.data_dir)?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(log_file(&options.data_dir))?;
        let mut command = options.command();
        command
            .args(["serve", "--listen", &options.listen.to_string()])
            .arg("--data-dir");
        command.arg(&options.data_dir).args(&options.arguments);
        if let Some(address) = options.embedded_s3_listen {
            command.args(["--embedded-s3-listen", &address.to_string()]);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let announcement = read_announcement(&mut child);
        let address = |name: &str| {
            announcement
                .iter()
                .find_map(|line| line.strip_prefix(name))
                .map(str::to_string)
        };
        let Some(url) = address("listening on ") else {
            let status = child.wait()?;
            bail!(
                "the server ended with {status}: {}",
                fs::read_to_string(log_file(&options.data_dir))?
            );
        };
        let s3_url = address("  S3     ")
            .map(|line| line.replace(" (embedded)", ""))
            .unwrap_or_default();
        let metrics_url = address("  metrics ");
        let token = fs::read_to_string(options.data_dir.join("token")).unwrap_or_default();
        Ok(Self {
            child,
            options,
            url,
            s3_url,
            metrics_url,
            token,
        })
    }

    /// URL of the server, without `/api`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// URL of the embedded S3.
    pub fn s3_url(&self) -> &str {
        &self.s3_url
    }

    /// URL of the metrics, where they have an address of their own.
    pub fn metrics_url(&self) -> Option<&str> {
        self.metrics_url.as_deref()
    }

    /// The first token; empty where the S3 is not the embedded one, since none is made then.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Identifier of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Directory of the embedded database and the embedded S3.
    pub fn data_dir(&self) -> &Path {
        &self.options.data_dir
    }

    /// A client with the first token.
    ///
    /// # Errors
    /// If the SDK refuses the URL or the token.
    pub fn client(&self) -> Result<Client> {
        self.client_with(&self.token)
    }

    /// A client with another token.
    ///
    /// # Errors
    /// If the SDK refuses the URL or the token.
    pub fn client_with(&self, token: &str) -> Result<Client> {
        Client::new(&self.url, token).map_err(Into::into)
    }

    /// Runs another command of the server's program on the same data directory, and returns what it prints.
    ///
    /// # Errors
    /// If the command fails.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        self.options.run(arguments)
    }

    /// Everything that the server has logged.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn log(&self) -> Result<String> {
        fs::read_to_string(log_file(self.data_dir())).context("the server's log cannot be read")
    }

    /// How the server ended, if it has.
    ///
    /// # Errors
    /// If the system does not report it.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Requests the server to stop, and waits until it has.
    ///
    /// # Errors
    /// If no signal can be sent.
    pub fn stop(self) -> Result<ExitStatus> {
        self.signal("TERM")?;
        self.wait()
    }

    /// Sends the server a signal, by its name without `SIG`.
    ///
    /// # Errors
    /// If it cannot be sent.
    pub fn signal(&self, name: &str) -> Result<()> {
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{name} {}", self.child.id())])
            .status()?;
        if !sent.success() {
            bail!("no signal could be sent to the server");
        }
        Ok(())
    }

    /// Waits until the server has ended.
    ///
    /// # Errors
    /// If the system does not report it.
    pub fn wait(mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// Kills the server, as a crash would, and starts it again on the same data directory and ports.
    ///
    /// # Errors
    /// If it does not start.
    pub fn kill_and_restart(self) -> Result<Self> {
        let environment = self.options.environment.clone();
        self.kill_and_restart_in(environment)
    }

    /// The same, with another environment.
    ///
    /// # Errors
    /// If it does not start.
    pub fn kill_and_restart_in(mut self, environment: Vec<(String, String)>) -> Result<Self> {
        self.child.kill()?;
        self.child.wait()?;
        let mut options = ServerOptions {
            environment,
            ..self.options.clone()
        };
        options.listen = self.url.trim_start_matches("http://").parse()?;
        options.embedded_s3_listen = self.s3_url.trim_start_matches("http://").parse().ok();
        Self::start(&options)
    }
}

fn is_port_in_use(error: &anyhow::Error) -> bool {
    let log = error.to_string();
    log.trim_end()
        .lines()
        .last()
        .is_some_and(|line| line.contains("Address already in use"))
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log_file(data_dir: &Path) -> PathBuf {
    data_dir.join("server.log")
}

/// What the server prints until it serves: all lines up to the first empty one.
fn read_announcement(child: &mut Child) -> Vec<String> {
    let stdout = child.stdout.take().map(BufReader::new);
    let lines = stdout
        .into_iter()
        .flat_map(BufRead::lines)
        .map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).collect()
}
