//! Kills and suspends processes, cuts connections and injects faults, as determined by the seed.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use rand::RngExt;
use rand::rngs::StdRng;
use restow_server::crash::Point;
use tokio::sync::{Mutex, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::api::{Phase, Shared};
use super::fault;
use super::plan;
use super::process::{Process, Role};
use super::report::Section;
use super::settings::LEASE;
use super::site::Site;
use crate::rules::locked;

/// Something that is done to the deployment.
#[derive(Clone, Copy, Debug)]
enum Act {
    KillServer,
    KillWorker,
    /// A process is killed and comes back as one that dies at a point.
    DieSomewhere,
    /// A worker stops in the middle of whatever it does for longer than its lease.
    Suspend,
    /// Requests of a process to S3 meet a fault.
    FaultS3,
    /// Statements of a process meet a fault.
    FaultDatabase,
    /// A process does not reach the database.
    CutOne,
    /// No process reaches the database.
    CutAll,
    /// No process receives data from the database, and no connection is closed.
    StallAll,
    RestartPostgres,
    RestartS3,
}

const ACTS: [(u32, Act); 11] = [
    (10, Act::KillServer),
    (7, Act::KillWorker),
    (10, Act::DieSomewhere),
    (4, Act::Suspend),
    (18, Act::FaultS3),
    (10, Act::FaultDatabase),
    (3, Act::CutOne),
    (2, Act::CutAll),
    (1, Act::StallAll),
    (2, Act::RestartPostgres),
    (2, Act::RestartS3),
];

/// The saboteur.
pub struct Saboteur {
    /// What it does it to.
    pub site: Arc<Site>,
    /// What is counted.
    pub shared: Arc<Shared>,
    /// What the run is repeated by.
    pub seed: u64,
    /// Held while the stores are restarted.
    pub restarting: Arc<Mutex<()>>,
}

impl Saboteur {
    /// Injects one fault after the other, some of them concurrently, until the run enters its next phase; then
    /// waits until the last has come to its end.
    ///
    /// # Errors
    /// If something does not come back.
    pub async fn run(self: Arc<Self>, mut phase: watch::Receiver<Phase>) -> Result<()> {
        let mut acts = JoinSet::new();
        for number in 0.. {
            let mut generator = plan::generator(self.seed, plan::SABOTEUR, number);
            let pause = Duration::from_millis(generator.random_range(200..1_600));
            let over = timeout(pause, phase.wait_for(|phase| *phase != Phase::Work)).await;
            if over.is_ok() {
                break;
            }
            let saboteur = Arc::clone(&self);
            acts.spawn(async move { saboteur.act(generator).await });
            while let Some(ended) = acts.try_join_next() {
                ended??;
            }
        }
        while let Some(ended) = acts.join_next().await {
            ended??;
        }
        Ok(())
    }

    async fn act(&self, mut generator: StdRng) -> Result<()> {
        let generator = &mut generator;
        let act = plan::choose(generator, &ACTS).unwrap_or(Act::KillServer);
        let lasting = Duration::from_millis(generator.random_range(500..6_000));
        let any = |generator: &mut StdRng, processes: &[Arc<Process>]| {
            plan::any(generator, processes).cloned()
        };
        let Some(process) = (match act {
            Act::KillServer => any(generator, &self.site.of(Role::Server)),
            Act::KillWorker | Act::Suspend => any(generator, &self.site.of(Role::Worker)),
            _ => any(generator, &self.site.processes),
        }) else {
            return Ok(());
        };
        match act {
            Act::KillServer | Act::KillWorker => self.kill(&process, lasting / 3, None).await,
            Act::DieSomewhere => {
                let point = point(generator, process.role);
                self.kill(&process, Duration::ZERO, point).await
            }
            Act::Suspend => {
                let lease = LEASE.to_std().unwrap_or_default();
                if process.suspend(lease + lasting).await? {
                    self.count("suspended: worker");
                }
                Ok(())
            }
            Act::FaultS3 => {
                fault::of_s3(&process, generator, lasting, &self.shared.report).await;
                Ok(())
            }
            Act::FaultDatabase => {
                fault::of_database(&process, generator, lasting, &self.shared.report).await;
                Ok(())
            }
            Act::CutOne => {
                self.cut(&[process], lasting, "cut: database of one process", |one| {
                    one.database.cut_all();
                })
                .await
            }
            Act::CutAll => {
                let lasting = Duration::from_millis(generator.random_range(1_000..10_000));
                self.cut(
                    &self.site.processes,
                    lasting,
                    "cut: database of all processes",
                    |one| one.database.cut_all(),
                )
                .await
            }
            Act::StallAll => {
                self.cut(
                    &self.site.processes,
                    lasting,
                    "cut: database silent",
                    |one| one.database.stall_all(),
                )
                .await
            }
            Act::RestartPostgres => self.restart_postgres(lasting).await,
            Act::RestartS3 => self.restart_s3(lasting).await,
        }
    }

    fn count(&self, what: &str) {
        self.shared.report.count(Section::Sabotage, what);
    }

    /// Kills a process and brings it back after a pause, to die again at a point if there is one.
    async fn kill(
        &self,
        process: &Arc<Process>,
        pause: Duration,
        point: Option<Point>,
    ) -> Result<()> {
        if !process.kill().await? {
            return Ok(());
        }
        self.count(&format!("killed: {}", process.role.name()));
        sleep(pause).await;
        process.start(point).await
    }

    async fn cut(
        &self,
        processes: &[Arc<Process>],
        lasting: Duration,
        what: &str,
        cut: impl Fn(&Process),
    ) -> Result<()> {
        self.count(what);
        for process in processes {
            cut(process);
        }
        sleep(lasting).await;
        for process in processes {
            process.heal();
        }
        Ok(())
    }

    /// Crashes PostgreSQL.
    async fn restart_postgres(&self, lasting: Duration) -> Result<()> {
        let Ok(_alone) = self.restarting.try_lock() else {
            return Ok(());
        };
        let cluster = Arc::clone(&self.site.stores.postgres);
        self.count("killed: PostgreSQL");
        spawn_blocking(move || {
            cluster.stop()?;
            std::thread::sleep(lasting);
            cluster.restart()
        })
        .await?
    }

    /// Crashes the S3 server's gateway.
    async fn restart_s3(&self, lasting: Duration) -> Result<()> {
        let Ok(_alone) = self.restarting.try_lock() else {
            return Ok(());
        };
        let server = Arc::clone(&self.site.stores.s3);
        self.count("killed: S3");
        spawn_blocking(move || {
            let mut server = locked(&server);
            server.stop()?;
            std::thread::sleep(lasting);
            server.start_again()
        })
        .await?
    }
}

/// A point that a process of the role may come to.
fn point(generator: &mut StdRng, role: Role) -> Option<Point> {
    let of_worker = |point: &Point| {
        ["inspect:", "resume:", "complete:", "refuse:"]
            .iter()
            .any(|of| point.name().starts_with(of))
    };
    let of_server = |point: &Point| {
        !point.name().starts_with("inspect:") && !point.name().starts_with("resume:")
    };
    let points: Vec<Point> = match role {
        Role::Server => Point::ALL.iter().copied().filter(of_server).collect(),
        Role::Worker => Point::ALL.iter().copied().filter(of_worker).collect(),
    };
    plan::any(generator, &points).copied()
}
