//! `serve --read-only`: what changes something is refused, and everything else is served.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use restow_sdk::generated::types::JobStatus;
use serde_json::{Value, json};

use crate::fixture::{System, csv, operations, refused_answer};

/// Restarts a server in read-only mode, with a worker where it had none.
async fn read_only(system: System) -> Result<System> {
    let variables = [("RESTOW_READ_ONLY", "true"), ("RESTOW_NO_WORKER", "")];
    let variables = variables.map(|(name, value)| (name.to_string(), value.to_string()));
    system.kill_and_restart_with(variables.to_vec()).await
}

#[tokio::test]
async fn every_operation_that_changes_something_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("kept").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let open = system.begin(dataset_id, "rows.csv", csv(4)).await?;
    open.put(1).await?;
    let system = read_only(system).await?;
    let (mut refused, mut served) = (0, 0);
    for operation in operations() {
        let path = operation
            .path
            .replace("{dataset_id}", &dataset_id.to_string())
            .replace("{job_id}", &open.job_id.to_string())
            .replace("{version}", "1");
        let mut request = system.request(operation.method.clone(), &path);
        if operation.has_body {
            request = request.json(&json!({}));
        }
        let response = request.send().await.context(operation.id.clone())?;
        if operation.method == Method::GET {
            ensure!(
                response.status() != 503,
                "{}: {}",
                operation.id,
                response.text().await?
            );
            served += 1;
            continue;
        }
        ensure!(
            response.headers().contains_key("retry-after"),
            "{}",
            operation.id
        );
        let error = refused_answer(response, 503, "unavailable").await;
        let error = error.context(operation.id.clone())?;
        assert_eq!(error["loc"], json!(["server"]), "{error}");
        assert_eq!(error["ctx"]["reason"], "read_only", "{error}");
        assert_eq!(error["ctx"]["permanent"], false, "{error}");
        refused += 1;
    }
    ensure!(refused >= 10 && served >= 9, "{refused} {served}");
    // A caller without a token learns nothing of it.
    let anonymous = system
        .anonymous(Method::POST, "/api/datasets")
        .send()
        .await?;
    assert_eq!(anonymous.status(), 401);
    assert_eq!(system.read(dataset_id).await?, csv(3));
    assert_eq!(open.job().await?.status, JobStatus::AwaitingUpload);
    assert_eq!(open.held().await?.len(), 1);
    let ready = system.anonymous(Method::GET, "/readyz").send().await?;
    assert_eq!(ready.status(), 200);
    let ready: Value = ready.json().await?;
    assert_eq!(ready["read_only"], true, "{ready}");
    Ok(())
}

#[tokio::test]
async fn neither_worker_nor_reaper_runs() -> Result<()> {
    // The worker and the reaper act at once where they run.
    let system = System::start_with(&[("--reap-interval", "1s"), ("--inspect-inline", "0")])?;
    let variables = vec![("RESTOW_NO_WORKER".to_string(), "true".to_string())];
    let system = system.kill_and_restart_with(variables).await?;
    let dataset_id = system.dataset("waiting").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(3)).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    system.reap(&[])?;
    let system = read_only(system).await?;
    let marker = system.bucket().read(".restow-instance").await?;
    assert_eq!(upload.job().await?.status, JobStatus::Inspecting);
    // A reaper of the server would have advanced the marker when it started, and a worker would have taken the job.
    let log = system.server.log()?;
    ensure!(log.contains("neither worker nor reaper runs"), "{log}");
    let said = system.reap(&[])?;
    ensure!(said.contains("jobs expired"), "{said}");
    let advanced = system.bucket().read(".restow-instance").await?;
    let generation = |marker: &str| -> Result<i64> {
        Ok(marker.split(' ').nth(1).context("no generation")?.parse()?)
    };
    assert_eq!(generation(&advanced)?, generation(&marker)? + 1);
    assert_eq!(upload.job().await?.status, JobStatus::Inspecting);

    let variables = vec![("RESTOW_READ_ONLY".to_string(), String::new())];
    let system = system.kill_and_restart_with(variables).await?;
    upload.wait().await?;
    let ready: Value = system
        .anonymous(Method::GET, "/readyz")
        .send()
        .await?
        .json()
        .await?;
    assert_eq!(ready["read_only"], false, "{ready}");
    Ok(())
}

#[tokio::test]
async fn read_only_server_migrates_nothing() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let error = System::start_in(
        directory,
        Vec::new(),
        &[("--read-only", ""), ("--migrate", "")],
    );
    let error = format!("{:#}", error.err().context("it serves")?);
    ensure!(
        error.contains("cannot be combined with --read-only"),
        "{error}"
    );
    let directory = tempfile::tempdir()?;
    let error = System::start_in(directory, Vec::new(), &[("--read-only", "")]);
    let error = format!("{:#}", error.err().context("it serves")?);
    ensure!(error.contains("there is no database"), "{error}");
    Ok(())
}
