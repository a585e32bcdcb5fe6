//! Logs: whose request it was, which one, and nothing that opens anything.

use anyhow::{Context, Result};
use reqwest::Method;
use restow_tests::{OtlpCollector, ServerOptions, WorkerProcess};
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::fixture::{System, csv, executable, noise, put};

/// What is put through the system and must not come out in a log.
const FILENAME: &str = "canary-filename.csv";
const DATASET: &str = "canary dataset";
const TOKEN: &str = "restow_canary-token";

/// The line of a request, by the id that its response had.
fn line_of(log: &str, request_id: &str) -> Result<Value> {
    let lines = log.lines().filter(|line| line.contains(request_id));
    let mut lines = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.find(|line| line["fields"]["message"] == "request");
    line.with_context(|| format!("no line of {request_id}"))
}

#[tokio::test]
async fn request_line_has_principal_id_and_trace() -> Result<()> {
    let collector = OtlpCollector::start()?;
    let options = [
        ("--log-format", "json"),
        ("--otlp-endpoint", &collector.url()),
    ];
    let system = System::start_with(&options)?;
    let response = system.request(Method::GET, "/datasets").send().await?;
    let id = response.headers()["x-request-id"].to_str()?.to_string();
    let line = line_of(&system.server.log()?, &id)?;
    let fields = &line["fields"];
    assert_eq!(fields["operation"], "list_datasets");
    assert_eq!(fields["status"], 200);
    let principal = fields["principal"].as_str().context("no principal")?;
    assert_eq!(principal, "default");
    let trace = fields["trace_id"].as_str().context("no trace")?;
    assert_eq!(trace.len(), 32, "{trace}");
    let refused = system
        .anonymous(Method::GET, "/api/datasets")
        .send()
        .await?;
    let id = refused.headers()["x-request-id"].to_str()?.to_string();
    let line = line_of(&system.server.log()?, &id)?;
    assert!(line["fields"]["principal"].is_null(), "{line}");
    Ok(())
}

/// Uploads, reads, and sends what is refused, with a canary wherever a client can put one.
async fn put_canaries_through(system: &System) -> Result<Vec<String>> {
    let dataset_id = system.dataset(DATASET).await?;
    let upload = system.prepare(dataset_id, FILENAME, csv(10)).await?;
    put(&system.http, &upload.urls[0], noise(3, 1)).await?;
    upload.commit().await?;
    system.read(dataset_id).await?;
    let broken = system
        .begin(dataset_id, "canary-filename.parquet", noise(100, 1))
        .await?;
    broken.put(1).await?;
    broken.complete(Vec::new()).await?;
    assert!(broken.wait().await.is_err());
    let refused = system
        .anonymous(Method::GET, "/api/datasets?name=canary-query")
        .bearer_auth(TOKEN)
        .header("traceparent", "canary-traceparent")
        .header("user-agent", "canary-agent")
        .send()
        .await?;
    assert_eq!(refused.status(), 401);
    system.reap(&[])?;
    let signature = upload.urls[0].split("X-Amz-Signature=").nth(1);
    let signature = signature.and_then(|rest| rest.split('&').next());
    let signature = signature.context("no signature")?.to_string();
    let own = [system.server.token(), system.place.secret_key.as_str()];
    Ok(own
        .into_iter()
        .chain(["canary", "X-Amz-Credential"])
        .map(str::to_string)
        .chain([signature])
        .collect())
}

#[tokio::test]
async fn no_process_logs_a_canary() -> Result<()> {
    let collector = OtlpCollector::start()?;
    let otlp = collector.url();
    for format in ["text", "json"] {
        let log = [
            ("--log-level", "trace"),
            ("--log-format", format),
            ("--otlp-endpoint", otlp.as_str()),
        ];
        let mut options = log.to_vec();
        options.push(("--no-worker", ""));
        let system = System::start_with(&options)?;
        let mut options = ServerOptions::new(executable(), system.server.data_dir())
            .with_environment(system.environment());
        for (name, value) in log {
            options = options.with(name, value);
        }
        let worker = spawn_blocking(move || WorkerProcess::start(&options)).await??;
        let secrets = put_canaries_through(&system).await?;
        let logs = [system.server.log()?, worker.log()?];
        assert!(logs[0].contains("list_datasets"), "{}", logs[0]);
        assert!(logs[1].contains("object inspected"), "{}", logs[1]);
        for (log, secret) in logs
            .iter()
            .flat_map(|log| secrets.iter().map(move |secret| (log, secret)))
        {
            let found = log.lines().find(|line| line.contains(secret.as_str()));
            assert!(found.is_none(), "{secret:?} was logged: {found:?}");
        }
    }
    Ok(())
}
