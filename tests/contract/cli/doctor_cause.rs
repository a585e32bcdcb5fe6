//! `restow doctor` names the cause of what does not work, within seconds.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use restow_tests::fault_proxy::{Fault, Operation};
use restow_tests::{Authority, BucketPlace, tls_front};

use super::shell::{Ran, Shell, server_url};
use crate::fixture::{Clock, FaultyLine, System, with_token};

/// Time in which the cause must be named.
const MAX_TIME: Duration = Duration::from_secs(5);

/// Runs doctor to its end with an exit code, within that time.
async fn diagnosed(shell: &Shell, code: i32, options: &[&str]) -> Result<Ran> {
    let started = Instant::now();
    let ran = shell.ends(code, &[&["doctor"], options].concat()).await?;
    ensure!(
        started.elapsed() < MAX_TIME,
        "doctor took too long: {ran:?}"
    );
    Ok(ran)
}

/// The finding that failed, with its advice; there must be no other.
fn failure(ran: &Ran) -> Result<String> {
    let mut lines = ran
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("FAILED"));
    let finding = lines.next().context("nothing failed")?;
    let advice = lines.next().unwrap_or_default();
    let failed = ran.stdout.lines().filter(|line| line.starts_with("FAILED"));
    ensure!(failed.count() == 1, "several failed: {ran:?}");
    Ok(format!("{finding} {advice}"))
}

#[tokio::test]
async fn missing_credentials() -> Result<()> {
    let ran = diagnosed(&Shell::new()?, 1, &[]).await?;
    let failure = failure(&ran)?;
    assert!(
        failure.contains("not logged in") && failure.contains("restow login"),
        "{failure}"
    );
    Ok(())
}

#[tokio::test]
async fn host_that_does_not_exist() -> Result<()> {
    let shell = Shell::new()?
        .with("RESTOW_ENDPOINT", "https://restow.invalid")
        .with("RESTOW_TOKEN", "restow_x");
    let failure = failure(&diagnosed(&shell, 1, &[]).await?)?;
    assert!(
        failure.contains("https://restow.invalid cannot be reached")
            && failure.contains("the endpoint is correct"),
        "{failure}"
    );
    Ok(())
}

#[tokio::test]
async fn private_authority() -> Result<()> {
    let (system, authority) = (System::start()?, Authority::new()?);
    let front = authority.front(server_url(&system.client), tls_front::Fault::None)?;
    let shell = Shell::at(&system)?.with("RESTOW_ENDPOINT", &front.url());
    let ran = diagnosed(&shell, 1, &[]).await?;
    let failure = failure(&ran)?;
    assert!(
        failure.contains("is not signed by a trusted") && failure.contains("--ca-file"),
        "{failure}"
    );
    shell.write("ca.pem", authority.pem())?;
    shell.run(&["doctor", "--ca-file", "ca.pem"]).await?;
    Ok(())
}

#[tokio::test]
async fn private_authority_of_s3() -> Result<()> {
    let store = System::start_with(&[("--no-worker", ""), ("--no-reaper", "")])?;
    let authority = Authority::new()?;
    let front = authority.front(&store.place.endpoint, tls_front::Fault::None)?;
    let public = BucketPlace {
        endpoint: front.url(),
        ..store.place.clone()
    };
    let environment = public.environment(&store.place.endpoint);
    let system = System::start_in(with_token(&environment)?, environment, &[])?;
    let failure = failure(&diagnosed(&Shell::at(&system)?, 1, &[]).await?)?;
    for text in ["upload", "(S3) is not signed by a trusted", "--ca-file"] {
        assert!(failure.contains(text), "{text}: {failure}");
    }
    Ok(())
}

#[tokio::test]
async fn wrong_secret_of_the_server() -> Result<()> {
    let store = System::start_with(&[("--no-worker", ""), ("--no-reaper", "")])?;
    let mut environment = store.place.environment(&store.place.endpoint);
    for (name, value) in &mut environment {
        if name == "AWS_SECRET_ACCESS_KEY" {
            *value = "wrong".to_string();
        }
    }
    let system = System::start_in(with_token(&environment)?, environment, &[])?;
    let ran = diagnosed(&Shell::at(&system)?, 1, &[]).await?;
    assert!(
        ran.stdout
            .contains("FAILED   dependencies  the server cannot use S3")
            && ran.stdout.contains("(SignatureDoesNotMatch)")
            && ran.stdout.contains("check AWS_SECRET_ACCESS_KEY"),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn clock_that_is_an_hour_ahead() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let clock = Clock::of(&system);
    clock.set(TimeDelta::hours(1))?;
    let system = system.kill_and_restart_with(vec![clock.variable()]).await?;
    let started = Instant::now();
    let ran = Ran::of(Shell::at(&system)?.command(&["doctor"])).await?;
    assert!(started.elapsed() < MAX_TIME, "{ran:?}");
    // S3 is an hour behind the server, which signs URLs that are valid from then on.
    assert!(
        ran.stdout.contains("the clock of S3 is -3") && ran.stdout.contains("synchronize both"),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn missing_cors_rules() -> Result<()> {
    let line = FaultyLine::start()?;
    line.proxy
        .inject(Operation::Other, 1.., Fault::Refuse(403, "AccessForbidden"));
    let shell = Shell::at(&line.system)?;
    let options = ["--origin", "https://app.example"];
    let ran = diagnosed(&shell, 0, &options).await?;
    for text in [
        "warning  cors          pages of https://app.example cannot upload",
        "allow PUT from this origin with the headers content-type and content-md5",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran:?}");
    }
    Ok(())
}
