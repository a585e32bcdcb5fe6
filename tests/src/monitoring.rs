//! What operators see of a deployment, in real life: a server and a worker under load, scraped by Prometheus, whose metrics
//! are those that dashboard, alerts and guide name; every panel of the dashboard has data, and an alert fires when S3 stops.

mod exposition;
mod load;
mod names;
mod panels;
mod prometheus;
mod site;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use tempfile::TempDir;
use tokio::time::sleep;

use self::exposition::Exposition;
use self::names::Sources;
use self::panels::Dashboard;
use self::prometheus::Prometheus;
use self::site::Site;

/// The alert that stops of S3 are to raise.
const ALERT: &str = "RestowS3Unavailable";

/// How long the alert may take to fire, and how often it is looked for.
const ALERT_TIMEOUT: Duration = Duration::from_mins(1);
const ALERT_INTERVAL: Duration = Duration::from_millis(500);

/// Checks metrics, dashboard and alerts with a real deployment and a real Prometheus
#[derive(Debug, Parser)]
#[command(bin_name = "system monitoring")]
pub struct Arguments {
    /// Directory with promtool and prometheus
    #[arg(long, value_name = "DIR")]
    programs: PathBuf,
    /// Top directory of the repository
    #[arg(long, value_name = "DIR")]
    repository: PathBuf,
    /// Directory for the dashboard that is drawn
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// How long the load lasts before the dashboard is drawn, in seconds
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    seconds: u64,
}

/// Runs the checks; `executable` is the `system` program.
///
/// # Errors
/// At the first one that fails.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let directory = TempDir::with_prefix("restow-monitoring-")?;
    let sources = Sources::read(&arguments.repository)?;
    let mut site = Site::start(executable, directory.path()).await?;
    let prometheus = Prometheus::start(
        &arguments.programs,
        directory.path(),
        &sources.rules,
        &site.targets(),
    )?;
    println!("load for {} s ...", arguments.seconds);
    load::run(&site, Duration::from_secs(arguments.seconds)).await?;

    check_names(&site, &sources, &arguments.programs).await?;
    draw(&prometheus, &sources, &arguments.output).await?;
    println!("stopping S3 ...");
    site.stop_s3();
    let seconds = wait_for_alert(&prometheus).await?;
    println!("{ALERT} fires {seconds:.1} s after S3 was stopped");
    Ok(())
}

/// Compares the metrics that the processes serve with those that dashboard, alerts and guide name.
async fn check_names(site: &Site, sources: &Sources, programs: &Path) -> Result<()> {
    let mut exported = BTreeSet::new();
    for (target, url) in site.metrics() {
        let exposition = Exposition::fetch(&url).await?;
        exposition
            .check(programs)
            .with_context(|| format!("metrics of the {target}"))?;
        exported.extend(exposition.names());
    }
    let faults = sources.faults(&exported);
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    println!(
        "{} metrics are exported, and in the guide; dashboard and alerts name no others",
        exported.len()
    );
    Ok(())
}

/// Draws the dashboard, of which every panel has to have data.
async fn draw(prometheus: &Prometheus, sources: &Sources, output: &Path) -> Result<()> {
    let dashboard = Dashboard::parse(&sources.dashboard)?;
    let drawn = dashboard.draw(prometheus).await?;
    std::fs::create_dir_all(output)?;
    let file = output.join("dashboard.txt");
    std::fs::write(&file, &drawn.text)?;
    println!("{} panels are drawn in {}", drawn.panels, file.display());
    ensure!(
        drawn.empty.is_empty(),
        "panels without data: {}",
        drawn.empty.join(", ")
    );
    Ok(())
}

/// Waits until the alert fires, and returns the seconds that it took.
async fn wait_for_alert(prometheus: &Prometheus) -> Result<f64> {
    let begun = Instant::now();
    while begun.elapsed() < ALERT_TIMEOUT {
        if prometheus.firing().await?.contains(ALERT) {
            return Ok(begun.elapsed().as_secs_f64());
        }
        sleep(ALERT_INTERVAL).await;
    }
    anyhow::bail!("{ALERT} does not fire although S3 is stopped")
}
