//! A server whose S3 is set up wrongly, or away: it names the reason in its log, in `/readyz` and in its responses, and a
//! client fails at once where waiting is of no use, or shows why it waits.

pub mod tls;

use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use restow_tests::FaultProxy;
use restow_tests::fault_proxy::{Fault, Operation};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::time::timeout;
use uuid::Uuid;

use crate::cli::shell::{Ran, Shell};
use crate::fixture::{System, csv, refused_answer, with_token};

/// Exit code of the command for a server or an S3 that cannot be used.
const UNREACHABLE: i32 = 8;

/// Time within which a permanent reason reaches a client. It takes far less; retries would take minutes.
const AT_ONCE: Duration = Duration::from_secs(15);

/// Time within which a client shows why it waits, beside the start of the command.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// The server's own S3, which is there only for its bucket.
fn store() -> Result<System> {
    System::start_with(&[("--no-worker", ""), ("--no-reaper", "")])
}

/// A server on the S3 of `store`, with some variables changed.
fn misconfigured(store: &System, changes: &[(&str, &str)]) -> Result<System> {
    let mut environment = store.place.environment(&store.place.endpoint);
    for (name, value) in changes {
        environment.retain(|(found, _)| found != name);
        environment.push((name.to_string(), value.to_string()));
    }
    let directory = with_token(&environment)?;
    System::start_in(directory, environment, &[("--no-reaper", "")])
}

/// Checks that everything names this reason, which is permanent.
async fn assert_named(system: &System, reason: &str, advice: &str) -> Result<()> {
    let log = system.server.log()?;
    ensure!(
        log.contains(reason) && log.contains(advice),
        "{reason}: {log}"
    );
    let ready = system.anonymous(Method::GET, "/readyz").send().await?;
    let ready: Value = ready.json().await?;
    let storage = &ready["storage"];
    assert_eq!(
        json!([
            ready["status"],
            storage["status"],
            storage["reason"],
            storage["permanent"]
        ]),
        json!(["degraded", "unavailable", reason, true]),
        "{ready}"
    );
    let dataset_id = system.dataset("unlucky").await?;
    let begun = Instant::now();
    let response = system
        .request(
            Method::POST,
            &format!("/datasets/{dataset_id}/reupload/presigned"),
        )
        .json(&json!({ "filename": "a.csv", "file_size": 7 }))
        .send()
        .await?;
    let fault = refused_answer(response, 503, "unavailable").await?;
    ensure!(
        begun.elapsed() < AT_ONCE,
        "{reason} after {:?}",
        begun.elapsed()
    );
    assert_eq!(fault["ctx"]["reason"], reason, "{fault}");
    assert_eq!(fault["ctx"]["permanent"], true, "{fault}");
    let ran = push(system).await?;
    let message = fault["msg"].as_str().context("no message")?;
    ensure!(ran.stderr.contains(message), "{ran:?}");
    assert_nothing_secret(
        system,
        &[&fault.to_string(), &ready.to_string(), &ran.stderr, &log],
    )?;
    let doctor = Shell::at(system)?.ends(1, &["doctor"]).await?;
    let finding = doctor
        .stdout
        .lines()
        .find(|line| line.contains("dependencies"));
    let cause = storage["message"].as_str().context("no message")?;
    ensure!(
        finding.is_some_and(|finding| finding.contains(cause)) && doctor.stdout.contains(advice),
        "{doctor:?}"
    );
    Ok(())
}

/// A push, which fails at once.
async fn push(system: &System) -> Result<Ran> {
    let shell = Shell::at(system)?;
    shell.write("weather.csv", csv(7))?;
    let begun = Instant::now();
    let arguments = ["push", "weather.csv", "--create"];
    let ran = shell.ends(UNREACHABLE, &arguments).await?;
    ensure!(begun.elapsed() < AT_ONCE, "{:?}: {ran:?}", begun.elapsed());
    Ok(ran)
}

/// Neither hosts nor keys are told to clients, nor secrets to anything.
fn assert_nothing_secret(system: &System, texts: &[&str]) -> Result<()> {
    for text in texts {
        for secret in [&system.place.secret_key, "X-Amz-Signature"] {
            ensure!(!text.contains(secret), "{text}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn missing_bucket_is_named_at_once() -> Result<()> {
    let store = store()?;
    let name = Uuid::new_v4().to_string();
    let system = misconfigured(&store, &[("RESTOW_S3_BUCKET", &name)])?;
    assert_named(&system, "no_such_bucket", "check --s3-bucket").await
}

#[tokio::test]
async fn wrong_keys_are_named_at_once() -> Result<()> {
    let store = store()?;
    let key = [("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN00")];
    let system = misconfigured(&store, &key)?;
    assert_named(&system, "invalid_access_key", "AWS_ACCESS_KEY_ID").await?;
    let secret = [("AWS_SECRET_ACCESS_KEY", "another-secret-key")];
    let system = misconfigured(&store, &secret)?;
    assert_named(&system, "signature_mismatch", "AWS_SECRET_ACCESS_KEY").await
}

#[tokio::test]
async fn unknown_host_is_named_at_once() -> Result<()> {
    let store = store()?;
    let endpoint = [("RESTOW_S3_ENDPOINT", "http://restow-s3.invalid:9000")];
    let system = misconfigured(&store, &endpoint)?;
    assert_named(&system, "unknown_host", "check --s3-endpoint").await
}

// The endpoint has to respond while the start of the server blocks a thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn untrusted_certificate_is_named_at_once() -> Result<()> {
    let store = store()?;
    let endpoint = tls::self_signed_endpoint().await?;
    let system = misconfigured(&store, &[("RESTOW_S3_ENDPOINT", &endpoint)])?;
    assert_named(&system, "invalid_certificate", "the system trusts").await
}

#[tokio::test]
async fn refusals_of_s3_are_named_at_once() -> Result<()> {
    let store = store()?;
    for (status, code, reason, advice) in [
        (
            403,
            "AccessDenied",
            "access_denied",
            "grant the credentials",
        ),
        (403, "RequestTimeTooSkewed", "clock_skew", "synchronize"),
        (301, "PermanentRedirect", "wrong_region", "--s3-region"),
        (
            400,
            "AuthorizationHeaderMalformed",
            "wrong_region",
            "--s3-region",
        ),
    ] {
        let proxy = FaultProxy::start(&store.place.endpoint)?;
        proxy.inject(None, 1.., Fault::Refuse(status, code));
        let system = misconfigured(&store, &[("RESTOW_S3_ENDPOINT", &proxy.url())])?;
        assert_named(&system, reason, advice).await?;
    }
    Ok(())
}

#[tokio::test]
async fn corrected_s3_needs_no_restart() -> Result<()> {
    let store = store()?;
    let proxy = FaultProxy::start(&store.place.endpoint)?;
    proxy.inject(None, 1.., Fault::Refuse(403, "AccessDenied"));
    let system = misconfigured(&store, &[("RESTOW_S3_ENDPOINT", &proxy.url())])?;
    push(&system).await?;
    proxy.heal();
    let shell = Shell::at(&system)?;
    shell.write("weather.csv", csv(7))?;
    shell.run(&["push", "weather.csv", "--create"]).await?;
    let dataset = system.client.find_dataset("weather").await?;
    assert_eq!(system.read(dataset.id).await?, csv(7));
    Ok(())
}

/// The first line that contains `text` among those that a push prints while it waits.
async fn waits_for(system: &System, text: &str) -> Result<()> {
    system.dataset("weather").await?;
    let shell = Shell::at(system)?;
    shell.write("weather.csv", csv(7))?;
    let begun = Instant::now();
    let mut push = shell.command(&["push", "weather.csv"]);
    let mut child = push.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let stderr = child.stderr.take().context("no standard error")?;
    let mut lines = BufReader::new(stderr).lines();
    let found = async {
        let mut seen = Vec::new();
        while let Some(line) = lines.next_line().await? {
            if line.contains(text) {
                return Ok(());
            }
            seen.push(line);
        }
        anyhow::bail!("the push ended without {text:?}: {seen:?}")
    };
    timeout(Duration::from_mins(1), found)
        .await
        .context("nothing was printed")??;
    let elapsed = begun.elapsed();
    ensure!(elapsed < SHOWN_WITHIN, "{text:?} after {elapsed:?}");
    child.kill().await?;
    Ok(())
}

#[tokio::test]
async fn passing_outages_show_their_reason() -> Result<()> {
    let store = store()?;
    let nowhere = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let endpoint = format!("http://{nowhere}");
    let system = misconfigured(&store, &[("RESTOW_S3_ENDPOINT", &endpoint)])?;
    waits_for(&system, "refuses connections").await?;
    let proxy = FaultProxy::start(&store.place.endpoint)?;
    let system = misconfigured(&store, &[("RESTOW_S3_ENDPOINT", &proxy.url())])?;
    proxy.inject(None, 1.., Fault::Refuse(503, "SlowDown"));
    waits_for(&system, "retrying in").await?;
    proxy.heal();
    Ok(())
}

#[tokio::test]
async fn silent_s3_shows_that_the_api_is_late() -> Result<()> {
    let store = store()?;
    let proxy = FaultProxy::start(&store.place.endpoint)?;
    let system = misconfigured(&store, &[("RESTOW_S3_ENDPOINT", &proxy.url())])?;
    proxy.inject(Operation::CreateMultipartUpload, 1.., Fault::Hang);
    waits_for(&system, "has not responded for 2 s").await?;
    proxy.heal();
    Ok(())
}

#[tokio::test]
async fn push_survives_a_passing_outage() -> Result<()> {
    let store = store()?;
    let proxy = FaultProxy::start(&store.place.endpoint)?;
    let system = misconfigured(&store, &[("RESTOW_S3_ENDPOINT", &proxy.url())])?;
    // More than the attempts that the server makes for one request.
    proxy.inject(
        Operation::CreateMultipartUpload,
        1..=3,
        Fault::Refuse(503, "SlowDown"),
    );
    let shell = Shell::at(&system)?;
    shell.write("weather.csv", csv(7))?;
    let ran = shell.run(&["push", "weather.csv", "--create"]).await?;
    ensure!(ran.stderr.contains("S3 fails or is overloaded"), "{ran:?}");
    let dataset = system.client.find_dataset("weather").await?;
    assert_eq!(system.read(dataset.id).await?, csv(7));
    Ok(())
}
