//! `restow-server support-bundle`: it contains what support needs, and no secret.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use restow_tests::tls_front::Fault;
use restow_tests::{Authority, ServerOptions, ServerProcess};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::fixture::{System, csv, executable};

/// What must not appear, wherever a user or an operator can write it.
const CANARY: &str = "canary";

/// Options that lead to a system, with secrets in all that can contain one, and the address of its server.
fn options(system: &System) -> Result<ServerOptions> {
    let mut environment = system.environment();
    environment.extend(system.place.environment(&system.place.endpoint));
    let listen = system
        .server
        .url()
        .trim_start_matches("http://")
        .to_string();
    environment.push(("RESTOW_LISTEN".to_string(), listen));
    let metrics = system.server.metrics_url().context("no metrics")?;
    let metrics = metrics
        .trim_start_matches("http://")
        .trim_end_matches("/metrics");
    environment.push(("RESTOW_METRICS_LISTEN".to_string(), metrics.to_string()));
    for (name, value) in [
        ("RESTOW_S3_UPLOAD_ACCESS_KEY", "canary-key"),
        ("RESTOW_S3_UPLOAD_SECRET_KEY", "canary-secret"),
        ("AWS_EXECUTION_ENV", "canary-environment"),
    ] {
        environment.push((name.to_string(), value.to_string()));
    }
    let config = system.server.data_dir().join("restow.toml");
    fs::write(
        &config,
        "database-url = \"postgres://restow:canary@127.0.0.1:9/rows?canary=canary\"\n",
    )?;
    Ok(ServerOptions::new(executable(), system.server.data_dir()).with_environment(environment))
}

async fn write(options: &ServerOptions, output: &Path, config: Option<&Path>) -> Result<()> {
    let (options, output) = (options.clone(), output.display().to_string());
    let config = config.map(|path| path.display().to_string());
    spawn_blocking(move || {
        let mut arguments = vec!["support-bundle", "--output", &output];
        if let Some(config) = &config {
            arguments.extend(["--config", config]);
        }
        options.run(&arguments)
    })
    .await??;
    Ok(())
}

/// A system whose names and files contain the canary.
async fn start() -> Result<System> {
    let system = System::start_with(&[("--metrics-listen", "127.0.0.1:0")])?;
    let dataset_id = system.dataset("canary dataset").await?;
    system.publish(dataset_id, "canary.csv", csv(3)).await?;
    system.prepare(dataset_id, "canary.csv", csv(4)).await?;
    system.token_of("canary principal")?;
    Ok(system)
}

fn assert_clean(system: &System, name: &str, text: &str) -> Result<()> {
    let (token, secret) = (system.server.token().trim(), &system.place.secret_key);
    for word in [
        CANARY,
        token,
        secret,
        &system.place.access_key,
        "X-Amz-Signature",
    ] {
        ensure!(!text.contains(word), "{name} contains {word:?}: {text}");
    }
    Ok(())
}

#[tokio::test]
async fn directory_contains_state_without_secrets() -> Result<()> {
    let system = start().await?;
    let output = system.server.data_dir().join("bundle");
    write(&options(&system)?, &output, None).await?;
    assert_eq!(output.metadata()?.permissions().mode() & 0o777, 0o700);
    let read = |name: &str| fs::read_to_string(output.join(name)).context(name.to_string());
    let json = |name: &str| -> Result<Value> { Ok(serde_json::from_str(&read(name)?)?) };
    for entry in output.read_dir()? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        assert_clean(&system, &name, &fs::read_to_string(entry.path())?)?;
    }
    let database = json("database.json")?;
    assert_eq!(database["jobs"]["committed"], 1, "{database}");
    assert_eq!(database["jobs"]["ready"], 1, "{database}");
    ensure!(database["schema"]["found"].as_i64() == database["schema"]["needed"].as_i64());
    ensure!(database["reaper"]["generation"].is_i64(), "{database}");
    let doctor = json("doctor.json")?;
    ensure!(
        doctor
            .as_array()
            .is_some_and(|findings| findings.len() > 20),
        "{doctor}"
    );
    // The upload key is none of the store.
    let refused = doctor.as_array().into_iter().flatten();
    let refused = refused.filter(|found| found["status"] == "failed").count();
    ensure!(refused > 0, "{doctor}");
    let options = json("options.json")?;
    assert_eq!(
        options["options"]["s3-upload-secret-key"]["values"][0],
        "(redacted)"
    );
    assert_eq!(
        options["options"]["s3-bucket"]["values"][0],
        system.place.name
    );
    ensure!(
        options["aws_variables"]
            .to_string()
            .contains("AWS_EXECUTION_ENV"),
        "{options}"
    );
    let ready = json("readyz.json")?;
    assert_eq!(ready["body"]["database"]["status"], "ok", "{ready}");
    ensure!(read("metrics.txt")?.contains("http_server_request_duration_seconds"));
    ensure!(json("versions.json")?["restow"].is_string());
    Ok(())
}

#[tokio::test]
async fn archive_is_written_while_everything_is_away() -> Result<()> {
    let system = start().await?;
    let (output, config) = (
        system.server.data_dir().join("bundle.tar.gz"),
        system.server.data_dir().join("restow.toml"),
    );
    let mut options = options(&system)?;
    options
        .environment
        .retain(|(name, _)| name != "RESTOW_DATABASE_URL" && name != "RESTOW_LISTEN");
    let nowhere = (
        "RESTOW_S3_ENDPOINT".to_string(),
        "http://127.0.0.1:9".to_string(),
    );
    options.environment.extend([
        nowhere,
        ("RESTOW_LISTEN".to_string(), "127.0.0.1:9".to_string()),
    ]);
    write(&options, &output, Some(&config)).await?;
    assert_eq!(output.metadata()?.permissions().mode() & 0o777, 0o600);
    let mut text = Vec::new();
    GzDecoder::new(fs::File::open(&output)?).read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    assert_clean(&system, "the archive", &text)?;
    for part in [
        "restow-support/doctor.json",
        "the database cannot be opened",
        "no server responds at 127.0.0.1:9",
        "postgres://(redacted)",
    ] {
        ensure!(text.contains(part), "{part:?}: {text}");
    }
    // What is there is not overwritten.
    ensure!(write(&options, &output, Some(&config)).await.is_err());
    Ok(())
}

#[tokio::test]
async fn archive_goes_to_standard_output() -> Result<()> {
    let system = start().await?;
    let options = options(&system)?;
    let output =
        spawn_blocking(move || options.output(&["support-bundle", "--output", "-"])).await??;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{stderr}");
    let mut text = Vec::new();
    GzDecoder::new(&output.stdout[..]).read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    assert_clean(&system, "the archive", &text)?;
    for part in ["restow-support/doctor.json", "restow-support/metrics.txt"] {
        ensure!(text.contains(part), "{part:?}: {text}");
    }
    Ok(())
}

#[tokio::test]
async fn encrypted_server_responds_over_tls() -> Result<()> {
    let directory = TempDir::new()?;
    let identity = Authority::new()?.issue(Fault::OtherHost)?;
    let file = |name: &str| directory.path().join(name);
    fs::write(file("tls.crt"), identity.certificate)?;
    fs::write(file("tls.key"), identity.key)?;
    let variable = |name: &str, value: String| (name.to_string(), value);
    let mut options = ServerOptions::new(executable(), file("data")).with_environment(vec![
        variable(
            "RESTOW_TLS_CERTIFICATE",
            file("tls.crt").display().to_string(),
        ),
        variable("RESTOW_TLS_KEY", file("tls.key").display().to_string()),
        variable("RESTOW_DRAIN", "0s".to_string()),
    ]);
    let server = ServerProcess::start(&options)?;
    let address = server.url().trim_start_matches("https://").to_string();
    options.environment.push(variable("RESTOW_LISTEN", address));
    let bundle = file("bundle");
    write(&options, &bundle, None).await?;
    let json = |name: &str| -> Result<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(
            bundle.join(name),
        )?)?)
    };
    let ready = json("readyz.json")?;
    assert_eq!(ready["body"]["database"]["status"], "ok", "{ready}");
    let metrics = fs::read_to_string(bundle.join("metrics.txt"))?;
    ensure!(
        metrics.contains("restow_tls_certificate_expiry_timestamp_seconds"),
        "{metrics}"
    );
    // What only servers take is in the bundle too.
    let options = json("options.json")?;
    assert_eq!(options["options"]["drain"]["values"][0], "0s", "{options}");
    Ok(())
}
