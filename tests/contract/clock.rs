//! The clock: skew is reported, and deadlines follow the server's clock. Tests set that clock, while S3,
//! PostgreSQL and clients keep the real time.

mod deadline;
mod doubt;

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use reqwest::Method;
use restow_tests::postgres::POSTGRES_VARIABLE;
use serde_json::Value;

use crate::fixture::{Clock, System, eventually};

/// A server whose own clock can be set, and whose reaper runs only when a test runs it.
async fn start_at(ahead: TimeDelta, options: &[(&str, &str)]) -> Result<(System, Clock)> {
    start_with(ahead, options, |clock| vec![clock.variable()]).await
}

/// A server for which time passes together with everything around it.
async fn start_passing(ahead: TimeDelta, options: &[(&str, &str)]) -> Result<(System, Clock)> {
    start_with(ahead, options, Clock::passing).await
}

async fn start_with(
    ahead: TimeDelta,
    options: &[(&str, &str)],
    variables: impl Fn(&Clock) -> Vec<(String, String)>,
) -> Result<(System, Clock)> {
    let system = System::start_with(&[&[("--no-reaper", "")], options].concat())?;
    let clock = Clock::of(&system);
    clock.set(ahead)?;
    Ok((
        system.kill_and_restart_with(variables(&clock)).await?,
        clock,
    ))
}

/// Seconds by which the clocks of database and S3 are ahead, as reported by `/readyz`.
async fn reported_skews(system: &System) -> Result<[Option<i64>; 2]> {
    let response = system.anonymous(Method::GET, "/readyz").send().await?;
    ensure!(response.status() == 200, "clock skew must not fail /readyz");
    let checks: Value = response.json().await?;
    Ok(["database", "storage"].map(|name| checks[name]["clock_skew_seconds"].as_i64()))
}

/// The reported skews once they are as expected: a probe is told what was found a second ago.
async fn skews_where(
    system: &System,
    is_expected: impl Fn([Option<i64>; 2]) -> bool,
) -> [Option<i64>; 2] {
    eventually("the skews are reported", async || {
        let skews = reported_skews(system).await.ok()?;
        is_expected(skews).then_some(skews)
    })
    .await
}

/// The expected warning for each clock.
fn expected_warnings(minutes: i64) -> Vec<String> {
    let side = if minutes > 0 {
        "behind ours"
    } else {
        "ahead of ours"
    };
    let names = if on_postgres() {
        &["database", "storage"][..]
    } else {
        &["storage"]
    };
    names
        .iter()
        .map(|name| format!("the clock of the {name} is … s {side}"))
        .collect()
}

/// SQLite has no clock of its own.
fn on_postgres() -> bool {
    std::env::var_os(POSTGRES_VARIABLE).is_some()
}

/// The warnings about clocks in a log. The seconds are masked, since they vary with the duration of the check.
fn warnings(log: &str) -> Vec<String> {
    let told = log
        .lines()
        .filter_map(|line| line.split_once("the clock of the "));
    told.map(|(_, told)| {
        let words = told.split(';').next().unwrap_or_default().split(' ');
        let words = words.map(|word| {
            if word.parse::<i64>().is_ok() {
                "…"
            } else {
                word
            }
        });
        format!("the clock of the {}", words.collect::<Vec<_>>().join(" "))
    })
    .collect()
}

#[tokio::test]
async fn clock_skew_is_reported() -> Result<()> {
    let (mut system, clock) = start_at(TimeDelta::zero(), &[]).await?;
    assert_eq!(reported_skews(&system).await?, [None, None]);
    assert!(warnings(&system.server.log()?).is_empty());
    for minutes in [5, -5] {
        clock.set(TimeDelta::minutes(minutes))?;
        let off =
            |told: Option<i64>| told.is_some_and(|seconds| (seconds + 60 * minutes).abs() < 30);
        let [database, storage] = skews_where(&system, |[_, storage]| off(storage)).await;
        assert!(off(storage), "{storage:?}");
        assert!(
            if on_postgres() {
                off(database)
            } else {
                database.is_none()
            },
            "{database:?}"
        );

        let logged = system.server.log()?.len();
        system = system.kill_and_restart_with(vec![clock.variable()]).await?;
        assert_eq!(
            warnings(&system.server.log()?[logged..]),
            expected_warnings(minutes)
        );
    }
    clock.set(TimeDelta::seconds(30))?;
    skews_where(&system, |skews| skews == [None, None]).await;
    Ok(())
}
