//! Kills and suspends processes, cuts connections and injects faults, as determined by the seed.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use rand::RngExt;
use rand::rngs::StdRng;
use restow_server::crash::Point;
use tokio::sync::{Mutex, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep, timeout};

use super::act::{Act, Whole, point};
use super::api::{Phase, Shared};
use super::fault;
use super::plan;
use super::process::{Process, Role};
use super::report::Section;
use super::settings::LEASE;
use super::site::Site;
use super::{outdated_copy, wrong_place};
use crate::rules::locked;

/// When something is first done to the whole deployment.
const FIRST_WHOLE: Duration = Duration::from_secs(12);

/// Time from one thing that is done to the whole deployment to the next, unless the one takes longer.
const WHOLE_PAUSE: Duration = Duration::from_secs(20);

/// After how long a run is to have had each of these.
const COMPLETE: Duration = Duration::from_secs(110);
const KINDS: [&str; 5] = [
    "wrong place: ",
    "restored: outdated copy",
    "restored: backup",
    "clock jump: ",
    "clock: downtime",
];

/// The saboteur.
pub struct Saboteur {
    /// What it does it to.
    pub site: Arc<Site>,
    /// What is counted.
    pub shared: Arc<Shared>,
    /// What the run is repeated by.
    pub seed: u64,
    /// A token of each principal.
    pub tokens: Vec<String>,
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
        let (mut whole, mut next_whole) = (0, Instant::now() + FIRST_WHOLE);
        for number in 0.. {
            let mut generator = plan::generator(self.seed, plan::SABOTEUR, number);
            let pause = Duration::from_millis(generator.random_range(200..1_600));
            let over = timeout(pause, phase.wait_for(|phase| *phase != Phase::Work));
            if over.await.is_ok() {
                break;
            }
            if Instant::now() >= next_whole {
                end_all(&mut acts).await?;
                self.act_on_whole(whole).await?;
                // One that had to wait for a client for long puts off none of those behind it.
                (whole, next_whole) = (whole + 1, next_whole + WHOLE_PAUSE);
            }
            let saboteur = Arc::clone(&self);
            acts.spawn(async move { saboteur.act(number, generator).await });
            while let Some(ended) = acts.try_join_next() {
                ended??;
            }
        }
        end_all(&mut acts).await?;
        self.look_for_missing();
        Ok(())
    }

    /// A run of two minutes has everything at least once, or tests less than it says.
    fn look_for_missing(&self) {
        let report = &self.shared.report;
        if report.elapsed() < COMPLETE {
            return;
        }
        for kind in KINDS {
            if report.total(Section::Sabotage, kind) == 0 {
                report.violate("the saboteur", &format!("there was no {kind}"));
            }
        }
    }

    async fn act_on_whole(&self, number: u64) -> Result<()> {
        let generator = &mut plan::generator(self.seed, plan::WHOLE, number);
        match Whole::of(number) {
            Whole::BackUp => self.site.back_up(&self.shared).await,
            Whole::Restore => self.site.restore(&self.shared, generator).await,
            Whole::PassDowntime => self.site.pass_downtime(&self.shared, generator).await,
        }
    }

    async fn act(&self, number: u64, mut generator: StdRng) -> Result<()> {
        let generator = &mut generator;
        let act = Act::of(number, generator);
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
            Act::JumpClock => self.jump_clock(&process, lasting, generator).await,
            Act::WrongPlace(number) => {
                wrong_place::run(&self.site, &self.shared, generator, number).await
            }
            Act::OutdatedCopy(number) => {
                let token = plan::any(generator, &self.tokens).cloned();
                let token = token.unwrap_or_default();
                outdated_copy::run(&self.site, &self.shared, generator, number, &token).await
            }
        }
    }

    /// Has the clock of a process be wrong for a while.
    async fn jump_clock(
        &self,
        process: &Process,
        lasting: Duration,
        generator: &mut StdRng,
    ) -> Result<()> {
        let seconds = generator.random_range(90..6 * 3_600);
        let (seconds, side) = if generator.random_bool(0.5) {
            (seconds, "ahead")
        } else {
            (-seconds, "behind")
        };
        self.count(&format!("clock jump: {} {side}", process.role.name()));
        process.set_clock(seconds)?;
        sleep(lasting).await;
        process.set_clock(0)
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

async fn end_all(acts: &mut JoinSet<Result<()>>) -> Result<()> {
    while let Some(ended) = acts.join_next().await {
        ended??;
    }
    Ok(())
}
