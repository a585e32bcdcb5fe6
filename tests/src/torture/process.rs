//! The processes, which die and come back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use restow_server::clock::OFFSET_FILE_VARIABLE;
use restow_server::crash::{Point, VARIABLE};
use tokio::sync::{RwLock, watch};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::api::Phase;
use super::report::{Report, Section};
use crate::rules::locked;
use crate::{DatabaseProxy, FaultProxy, ServerOptions, ServerProcess, WorkerProcess};

/// How long a process may take to start, since what it needs may be away.
const START_TIMEOUT: Duration = Duration::from_mins(3);

/// How often it is looked whether a process still runs.
const INTERVAL: Duration = Duration::from_millis(200);

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Serves the API, and reaps.
    Server,
    /// Inspects.
    Worker,
}

impl Role {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Worker => "worker",
        }
    }
}

#[derive(Debug)]
enum Running {
    Server(Box<ServerProcess>),
    Worker(WorkerProcess),
}

/// A process that dies and comes back where it was, and the lines between it and what it needs.
#[derive(Debug)]
pub struct Process {
    /// What it does.
    pub role: Role,
    /// The line to S3.
    pub s3: FaultProxy,
    /// The line to the database.
    pub database: DatabaseProxy,
    /// Held while its connections are changed.
    pub lines: tokio::sync::Mutex<()>,
    name: String,
    options: ServerOptions,
    state: Mutex<State>,
    report: Arc<super::api::Shared>,
    /// Held while it is restarted, so that this happens while nothing is done to the whole deployment.
    order: Arc<RwLock<()>>,
}

#[derive(Debug, Default)]
struct State {
    /// `None` where it is dead; the task that took it restarts it.
    running: Option<Running>,
    /// Where it is to die.
    point: Option<Point>,
}

impl Process {
    /// A process that does not run yet.
    pub fn new(
        role: Role,
        number: usize,
        options: ServerOptions,
        (s3, database): (FaultProxy, DatabaseProxy),
        shared: Arc<super::api::Shared>,
        order: Arc<RwLock<()>>,
    ) -> Self {
        let name = format!("{} {number}", role.name());
        let clock = clock_file(&options.data_dir).display().to_string();
        let options = options.with_environment(vec![(OFFSET_FILE_VARIABLE.to_string(), clock)]);
        let (lines, state) = (tokio::sync::Mutex::default(), Mutex::default());
        Self {
            role,
            s3,
            database,
            lines,
            name,
            options,
            state,
            report: shared,
            order,
        }
    }

    fn report(&self) -> &Report {
        &self.report.report
    }

    /// Where its log is.
    pub fn data_dir(&self) -> &Path {
        &self.options.data_dir
    }

    /// Starts it, and tries again while what it needs is away.
    ///
    /// # Errors
    /// If it does not start for minutes.
    pub async fn start(self: &Arc<Self>, point: Option<Point>) -> Result<()> {
        let process = Arc::clone(self);
        spawn_blocking(move || process.start_with_retries(point)).await?
    }

    fn start_with_retries(&self, point: Option<Point>) -> Result<()> {
        let begun = Instant::now();
        let dying = point.map(|point| (VARIABLE.to_string(), point.name().to_string()));
        let armed = self
            .options
            .clone()
            .with_environment(dying.into_iter().collect());
        loop {
            let started = match self.role {
                Role::Server => {
                    ServerProcess::start(&armed).map(|server| Running::Server(Box::new(server)))
                }
                Role::Worker => WorkerProcess::start(&armed).map(Running::Worker),
            };
            match started {
                Ok(running) => {
                    *locked(&self.state) = State {
                        running: Some(running),
                        point,
                    };
                    return Ok(());
                }
                Err(error) if begun.elapsed() > START_TIMEOUT => {
                    bail!("the {} does not start: {error:#}", self.name)
                }
                Err(_) => {
                    self.report().count(
                        Section::Sabotage,
                        &format!("failed starts of a {}", self.role.name()),
                    );
                    std::thread::sleep(INTERVAL);
                }
            }
        }
    }

    /// Kills it; false where it is already dead, and about to be restarted by another task.
    pub async fn kill(self: &Arc<Self>) -> Result<bool> {
        let process = Arc::clone(self);
        let killed = spawn_blocking(move || {
            let running = locked(&process.state).running.take();
            // A process that is dropped is killed.
            running.map(drop).is_some()
        });
        Ok(killed.await?)
    }

    /// Stops a worker in the middle of whatever it does for a while; false where it is dead.
    ///
    /// # Errors
    /// If no signal can be sent.
    pub async fn suspend(&self, lasting: Duration) -> Result<bool> {
        let signal = |resume: bool| match &locked(&self.state).running {
            Some(Running::Worker(worker)) => if resume {
                worker.resume()
            } else {
                worker.suspend()
            }
            .map(|()| true),
            _ => Ok(false),
        };
        let suspended = signal(false)?;
        sleep(lasting).await;
        // Another that has come in its place meanwhile takes no harm.
        signal(true)?;
        Ok(suspended)
    }

    /// Restarts it whenever it ends by itself, which is only allowed after a requested crash.
    pub async fn watch(self: Arc<Self>, phase: watch::Receiver<Phase>) -> Result<()> {
        loop {
            sleep(INTERVAL).await;
            let _order = self.order.read().await;
            let Some((status, point)) = self.take_ended()? else {
                continue;
            };
            if let Some(point) = point {
                self.report()
                    .count(Section::Sabotage, &format!("died at {}", point.name()));
            } else {
                // Ctrl-C in a terminal interrupts the processes too.
                sleep(INTERVAL).await;
                if *phase.borrow() == Phase::Work || !status.success() {
                    let what = format!(
                        "it ended by itself with {status}; see {}",
                        self.data_dir().display()
                    );
                    self.report().violate(&self.name, &what);
                }
            }
            self.start(None).await?;
        }
    }

    fn take_ended(&self) -> Result<Option<(ExitStatus, Option<Point>)>> {
        let mut state = locked(&self.state);
        let ended = match &mut state.running {
            Some(Running::Server(server)) => server.ended()?,
            Some(Running::Worker(worker)) => worker.ended()?,
            None => None,
        };
        if ended.is_some() {
            state.running = None;
        }
        Ok(ended.map(|status| (status, state.point)))
    }

    /// Sets its clock ahead of the real time, or back by a negative number.
    ///
    /// # Errors
    /// If the file cannot be written that it reads.
    pub fn set_clock(&self, seconds: i64) -> Result<()> {
        let file = clock_file(self.data_dir());
        // No process is to read one that is half written.
        let draft = file.with_extension("draft");
        fs::write(&draft, seconds.to_string())?;
        Ok(fs::rename(draft, file)?)
    }

    /// Ends everything that was done to its lines, and counts what met it.
    pub fn heal(&self) {
        let (s3, database) = (self.s3.heal() as u64, self.database.heal() as u64);
        self.report()
            .add(Section::Sabotage, "requests to S3 that met a fault", s3);
        self.report()
            .add(Section::Sabotage, "statements that met a fault", database);
    }
}

fn clock_file(data_dir: &Path) -> PathBuf {
    data_dir.join("clock-offset")
}

/// A directory for a process below another.
pub fn directory(parent: &Path, role: Role, number: usize) -> PathBuf {
    parent.join(format!("{}-{number}", role.name()))
}
