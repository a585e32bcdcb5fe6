//! `restow-server fsck`: nothing is found in a deployment that is in use, and everything that does not agree is.

use anyhow::{Context, Result, ensure};
use restow_tests::ServerOptions;
use serde_json::Value;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::{System, csv, eventually, executable};

/// What `restow-server fsck --json` prints.
struct Checked {
    findings: Vec<Value>,
    stderr: String,
    code: Option<i32>,
}

async fn fsck(system: &System, options: &[&str], changes: &[(&str, &str)]) -> Result<Checked> {
    let mut environment = system.environment();
    if !changes.is_empty() {
        environment.extend(system.place.environment(&system.place.endpoint));
        let changes = changes
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        environment.extend(changes);
    }
    let server =
        ServerOptions::new(executable(), system.server.data_dir()).with_environment(environment);
    let arguments: Vec<_> = ["fsck", "--json"]
        .iter()
        .chain(options)
        .map(ToString::to_string)
        .collect();
    let output = spawn_blocking(move || {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        server.output(&arguments)
    })
    .await??;
    let stdout = String::from_utf8(output.stdout)?;
    let findings = stdout.lines().map(serde_json::from_str);
    Ok(Checked {
        findings: findings.collect::<Result<_, _>>()?,
        stderr: String::from_utf8(output.stderr)?,
        code: output.status.code(),
    })
}

impl Checked {
    /// The finding of a kind about something.
    fn find(&self, kind: &str, field: &str, value: &str) -> Result<&Value> {
        let is_it = |found: &&Value| found["type"] == kind && found[field] == value;
        let found = self.findings.iter().find(is_it);
        found.with_context(|| format!("no {kind} of {value}: {:?} {}", self.findings, self.stderr))
    }
}

#[tokio::test]
async fn nothing_is_found_in_use() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("in use").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    system.publish(dataset_id, "rows.csv", csv(4)).await?;
    system.prepare(dataset_id, "rows.csv", csv(5)).await?;
    let open = system.begin(dataset_id, "rows.csv", csv(6)).await?;
    open.put(1).await?;
    let cancelled = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    cancelled.put(1).await?;
    cancelled.cancel().await?;
    let deleted = system.dataset("deleted").await?;
    system.publish(deleted, "rows.csv", csv(8)).await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(deleted)
        .send()
        .await?;
    let checked = fsck(&system, &[], &[]).await?;
    assert_eq!(checked.findings, Vec::<Value>::new(), "{}", checked.stderr);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    ensure!(
        checked
            .stderr
            .contains("everything agrees: 3 versions, 1 jobs, "),
        "{}",
        checked.stderr
    );
    Ok(())
}

#[tokio::test]
async fn everything_that_does_not_agree_is_found() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    system.reap(&[])?;
    let bucket = system.bucket();
    let dataset_id = system.dataset("damaged").await?;
    let mut keys = Vec::new();
    for rows in 3..6 {
        let known = bucket.objects().await?;
        system.publish(dataset_id, "rows.csv", csv(rows)).await?;
        let mut objects = bucket.objects().await?;
        objects.retain(|key| !known.contains(key));
        keys.extend(objects);
    }
    let ready = system.prepare(dataset_id, "rows.csv", csv(6)).await?;
    let [missing, replaced, kept] = &keys[..] else {
        anyhow::bail!("{keys:?}");
    };
    for key in [missing, &ready.key] {
        bucket
            .client
            .delete_object()
            .bucket(&bucket.name)
            .key(key)
            .send()
            .await?;
    }
    bucket.write(replaced, "something else").await?;
    let unknown = format!("datasets/{dataset_id}/{}.csv", Uuid::now_v7());
    bucket.write(&unknown, "unknown").await?;
    let upload = format!("datasets/{dataset_id}/{}.csv", Uuid::now_v7());
    bucket.create_upload(&upload).await?;
    system
        .execute("UPDATE principals SET stored_bytes = stored_bytes + 7")
        .await?;
    system
        .execute("UPDATE datasets SET live_versions = 9, current_version = 99")
        .await?;
    let before = (bucket.objects().await?, bucket.uploads().await?);

    // An upload within its grace is none of the findings.
    let checked = fsck(&system, &[], &[]).await?;
    assert_eq!(checked.code, Some(1), "{}", checked.stderr);
    ensure!(checked.find("unknown_upload", "key", &upload).is_err());
    assert_eq!(checked.findings.len(), 7, "{:?}", checked.findings);
    let found = checked.find("missing_object", "key", missing)?;
    assert_eq!(found["version"], 1, "{found}");
    ensure!(
        found["advice"]
            .as_str()
            .is_some_and(|advice| advice.contains("backup")),
        "{found}"
    );
    let found = checked.find("missing_object", "key", &ready.key)?;
    assert_eq!(found["job_id"], ready.job_id.to_string(), "{found}");
    checked.find("wrong_job", "key", replaced)?;
    checked.find("unknown_object", "key", &unknown)?;
    let found = checked.find("live_versions", "dataset_id", &dataset_id.to_string())?;
    assert_eq!(found["message"], "9 versions are counted, and there are 3");
    let found = checked.find("current_version", "dataset_id", &dataset_id.to_string())?;
    assert_eq!(found["version"], 99, "{found}");
    ensure!(
        checked
            .findings
            .iter()
            .any(|found| found["type"] == "stored_bytes")
    );
    ensure!(
        checked
            .findings
            .iter()
            .all(|found| found["key"] != kept.as_str())
    );
    ensure!(
        checked.stderr.contains("7 inconsistencies in 3 versions"),
        "{}",
        checked.stderr
    );

    // The upload is reported once its grace is over.
    let checked = eventually("the grace of the upload is over", async || {
        let checked = fsck(&system, &["--sweep-grace", "1s"], &[]).await.ok()?;
        checked
            .find("unknown_upload", "key", &upload)
            .is_ok()
            .then_some(checked)
    })
    .await;
    assert_eq!(checked.findings.len(), 8, "{:?}", checked.findings);
    assert_eq!((bucket.objects().await?, bucket.uploads().await?), before);
    Ok(())
}

#[tokio::test]
async fn wrong_bucket_is_not_compared() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    system.reap(&[])?;
    let dataset_id = system.dataset("elsewhere").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let checked = fsck(&system, &[], &[("RESTOW_S3_PREFIX", "elsewhere")]).await?;
    assert_eq!(checked.code, Some(2));
    assert_eq!(checked.findings, Vec::<Value>::new());
    ensure!(
        checked.stderr.contains("nothing was compared"),
        "{}",
        checked.stderr
    );
    Ok(())
}

#[tokio::test]
async fn unreachable_store_is_no_inconsistency() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    system.reap(&[])?;
    let nowhere = [("RESTOW_S3_ENDPOINT", "http://127.0.0.1:9")];
    let checked = fsck(&system, &[], &nowhere).await?;
    assert_eq!(checked.code, Some(2), "{}", checked.stderr);
    assert_eq!(checked.findings, Vec::<Value>::new());
    ensure!(
        checked
            .stderr
            .contains("cannot find out whose bucket it is"),
        "{}",
        checked.stderr
    );
    Ok(())
}
