//! `cargo xtask check` and `cargo xtask test`: the stages of the test run.

use std::cell::{Cell, OnceCell};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::binaries::Binaries;
use crate::contract::{self, Site};
use crate::preparation::Preparation;
use crate::process::succeed;
use crate::workspace::cargo;
use crate::{
    alerts, conformance, dependencies, deploy, docs, install, instructions, modules, openapi,
    package, python, responses, room, sdk, workflows,
};

/// How much is tested. Each scope contains the ones before it.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub enum Scope {
    /// Formatting, lints, generated files, and unit tests.
    Check,
    /// Everything that needs neither further servers nor the network.
    Embedded,
    /// Everything, on every database and S3 server.
    All,
    /// Also the tests that are too long for every run.
    Full,
}

type Action = fn(&Run) -> Result<()>;

/// Tests of each operation with generated values, where the scope is not the full one.
const EXAMPLES: u64 = 130;

/// The stages, in their order, with the smallest scope that contains each.
const STAGES: [(&str, Scope, Action); 25] = [
    ("format", Scope::Check, |_| {
        succeed(cargo().args(["fmt", "--all", "--check"]))
    }),
    ("openapi check", Scope::Check, |_| openapi::check()),
    ("sdk check", Scope::Check, |_| sdk::check()),
    ("modules", Scope::Check, |_| modules::check(false)),
    ("dependencies", Scope::Check, |_| dependencies::check()),
    ("clippy", Scope::Check, |_| clippy()),
    ("build", Scope::Check, |run| run.binaries().map(drop)),
    ("install", Scope::All, Run::install),
    ("workflows", Scope::All, |_| workflows::check()),
    ("unit tests", Scope::Check, |run| {
        run.binaries()?.run_tests_except(&["contract"])
    }),
    ("deploy", Scope::All, |_| deploy::check()),
    ("fuzz", Scope::All, |run| fuzz(run.binaries()?)),
    ("instructions", Scope::All, |_| instructions::check()),
    ("docs", Scope::Embedded, |_| rustdoc()),
    ("doc tests", Scope::Embedded, |_| {
        succeed(cargo().args(["test", "--workspace", "--doc"]))
    }),
    ("docs site", Scope::All, |_| docs::run("/")),
    ("contract tests", Scope::Embedded, |run| {
        run.contract(Site::Embedded)
    }),
    ("responses", Scope::All, |_| responses::check()),
    ("store on PostgreSQL", Scope::All, |run| {
        contract::run_store(run.binaries()?)
    }),
    ("scale", Scope::All, |run| {
        contract::run_scale(run.binaries()?)
    }),
    ("on PostgreSQL and SeaweedFS", Scope::All, |run| {
        run.contract(Site::PostgresAndSeaweedFs)
    }),
    ("on Ceph", Scope::All, |run| run.contract(Site::Ceph)),
    ("alerts", Scope::All, |run| {
        alerts::check(run.binaries()?.program("system")?)
    }),
    ("conformance", Scope::All, |run| run.conformance()),
    ("torture", Scope::All, |run| {
        run.system(&["torture", "--minutes", "2", "--seed", "1"])
    }),
];

/// Stages at the end, after those that share the build.
const LAST_STAGES: [(&str, Scope, Action); 3] = [
    ("package", Scope::Embedded, |run| {
        package::run(Some(run.binaries()?.program("system")?))
    }),
    ("python", Scope::All, |run| {
        python::run(run.binaries()?.program("system")?)
    }),
    ("demo", Scope::Embedded, |run| {
        run.system(&["demo", "--exit"])
    }),
];

/// Runs the stages of a scope, or those of them that are named, and prints the time that each took.
///
/// # Errors
/// At the first stage that fails, or if there is no stage of a name.
pub fn run(scope: Scope, named: &[String]) -> Result<()> {
    let stages: Vec<_> = STAGES.iter().chain(&LAST_STAGES).collect();
    for name in named {
        let exists = stages.iter().any(|(stage, ..)| stage == name);
        ensure!(exists, "there is no stage {name:?}");
    }
    let mut preparation = None;
    if named.is_empty() {
        if scope >= Scope::All {
            room::ensure_for_all_stages()?;
            preparation = Some(Preparation::begin()?);
        }
        responses::clear()?;
    }
    let is_selected = |stage: &str, least: Scope| match named {
        [] => scope >= least,
        named => named.iter().any(|name| name == stage),
    };
    let run = Run::new(scope, preparation);
    let started = Instant::now();
    let mut times = Vec::new();
    for (name, least, action) in stages {
        if !is_selected(name, *least) {
            continue;
        }
        println!("\n==> {name}");
        let begun = Instant::now();
        let outcome = action(&run);
        times.push((*name, begun.elapsed()));
        if let Err(error) = outcome {
            report(&times, started.elapsed());
            bail!("{name}: {error:#}");
        }
    }
    report(&times, started.elapsed());
    Ok(())
}

/// One run of the stages.
struct Run {
    scope: Scope,
    /// The process that fetches programs, until the stage `install` has waited for it.
    preparation: Cell<Option<Preparation>>,
    binaries: OnceCell<Binaries>,
}

impl Run {
    fn new(scope: Scope, preparation: Option<Preparation>) -> Self {
        Self {
            scope,
            preparation: Cell::new(preparation),
            binaries: OnceCell::new(),
        }
    }

    /// A stage that is run by itself needs no more than what the tests run against.
    fn install(&self) -> Result<()> {
        self.preparation
            .take()
            .map_or_else(install::run, Preparation::end)
    }

    /// What the stages run, built when the first of them needs it. A check needs no integration tests, which take
    /// long to link.
    fn binaries(&self) -> Result<&Binaries> {
        if let Some(binaries) = self.binaries.get() {
            return Ok(binaries);
        }
        let selection: &[&str] = match self.scope {
            Scope::Check => &["--lib", "--bins"],
            _ => &["--lib", "--bins", "--tests"],
        };
        let built = Binaries::build(selection)?;
        Ok(self.binaries.get_or_init(|| built))
    }

    fn contract(&self, site: Site) -> Result<()> {
        contract::run(
            self.binaries()?,
            site,
            self.scope >= Scope::All,
            self.scope == Scope::Full,
        )
    }

    fn conformance(&self) -> Result<()> {
        let system = self.binaries()?.program("system")?.to_path_buf();
        let mut options = conformance::Options::with_system(system);
        if self.scope < Scope::Full {
            options.examples = EXAMPLES;
        }
        conformance::run(&options)
    }

    /// Runs the program that drives whole systems.
    fn system(&self, arguments: &[&str]) -> Result<()> {
        succeed(Command::new(self.binaries()?.program("system")?).args(arguments))
    }
}

fn clippy() -> Result<()> {
    succeed(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        // Nothing is linked, so that no Python is needed.
        "--features",
        "restow-python/extension",
        "--",
        "-D",
        "warnings",
    ]))
}

/// The readers of the inspection with damaged files, each for a minute, at the same time.
fn fuzz(binaries: &Binaries) -> Result<()> {
    let mut fuzz = binaries.test("inspect")?;
    fuzz.args(["fuzz::", "--test-threads", "4"])
        .env("BOLERO_RANDOM_TEST_TIME_MS", "60000")
        .env("BOLERO_RANDOM_ITERATIONS", "1000000000");
    succeed(&mut fuzz)
}

fn rustdoc() -> Result<()> {
    let mut command = cargo();
    command
        .args(["doc", "--workspace", "--no-deps"])
        // With the examples, whose dependencies decide about features too, so that clippy has checked all dependencies.
        .args(["--lib", "--examples"])
        .args(["--bin", "system", "--bin", "xtask"]);
    succeed(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn report(times: &[(&str, Duration)], total: Duration) {
    println!("\nminutes");
    for (name, time) in times.iter().copied().chain([("total", total)]) {
        println!("  {name:22} {:6.1}", time.as_secs_f64() / 60.0);
    }
}
