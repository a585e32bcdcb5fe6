//! `restow jobs` and `restow job`.

use anyhow::Result;
use restow_sdk::generated::types::JobStatus;
use uuid::Uuid;

use super::server_state::jobs;
use super::shell::Shell;
use crate::fixture::{System, csv};

/// A job that is ready, and one that awaits its upload.
async fn two_jobs() -> Result<(System, Shell, Uuid, [String; 2])> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("weather").await?;
    let ready = system
        .prepare(dataset_id, "ready.csv", csv(7))
        .await?
        .job_id
        .to_string();
    let open = system
        .begin(dataset_id, "open.csv", csv(8))
        .await?
        .job_id
        .to_string();
    Ok((system, shell, dataset_id, [ready, open]))
}

#[tokio::test]
async fn jobs_are_listed_newest_first() -> Result<()> {
    let (_system, shell, _, [ready, open]) = two_jobs().await?;
    let listed = shell.run(&["jobs", "weather"]).await?.stdout;
    let lines: Vec<Vec<_>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let seen: Vec<_> = lines
        .iter()
        .map(|line| (line[0], line[1], line[line.len() - 1]))
        .collect();
    let expected = [
        ("ID", "STATE", "FILENAME"),
        (open.as_str(), "awaiting_upload", "open.csv"),
        (ready.as_str(), "ready", "ready.csv"),
    ];
    assert_eq!(seen, expected, "{listed}");
    for (state, expected) in [
        ("ready", ready.as_str()),
        ("awaiting_upload", &open),
        ("failed", ""),
    ] {
        assert_eq!(
            shell
                .run(&["jobs", "weather", "--status", state, "--quiet"])
                .await?
                .line(),
            expected
        );
    }
    Ok(())
}

#[tokio::test]
async fn job_show_prints_all_properties() -> Result<()> {
    let (_system, shell, dataset_id, [ready, _]) = two_jobs().await?;
    let shown = shell.run(&["job", "show", &ready]).await?.stdout;
    for expected in [
        ready.as_str(),
        "ready",
        &dataset_id.to_string(),
        "ready.csv",
        "text/csv",
        "none",
        "deadline",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    let preview = shell.run(&["preview", &ready]).await?.stdout;
    assert!(
        preview.starts_with("csv: 7 rows, 2 columns\n") && !preview.contains('\u{1b}'),
        "{preview}"
    );
    assert!(
        preview.ends_with("The dataset has no version to compare with.\n"),
        "{preview}"
    );
    Ok(())
}

#[tokio::test]
async fn job_wait_ends_after_inspection() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("weather").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    let job_id = upload.job_id.to_string();
    let terminal = shell.terminal(100, &["job", "wait", &job_id])?;
    terminal.shows("the upload is not complete").await;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert!(
        ended
            .text()
            .starts_with(&format!("job {job_id}\n  state     ready\n")),
        "{}",
        ended.text()
    );
    // The job is inspected already.
    assert_eq!(
        shell.json(&["job", "wait", &job_id]).await?["status"],
        "ready"
    );
    Ok(())
}

#[tokio::test]
async fn cancelled_job_cannot_be_committed() -> Result<()> {
    let (system, shell, dataset_id, [ready, open]) = two_jobs().await?;
    for job_id in [&ready, &open] {
        let ran = shell.run(&["job", "cancel", job_id]).await?;
        assert_eq!(ran.line(), format!("job {job_id} is cancelled"));
        let ran = shell.ends(5, &["job", "commit", job_id]).await?;
        assert!(ran.stderr.contains("restow job show"), "{ran:?}");
        shell.ends(5, &["job", "wait", job_id]).await?;
    }
    let jobs = jobs(&system, dataset_id).await?;
    assert!(
        jobs.iter().all(|job| job.status == JobStatus::Cancelled),
        "{jobs:?}"
    );
    assert_eq!(system.current_version(dataset_id).await?, None);
    Ok(())
}

#[tokio::test]
async fn commit_replaces_only_the_expected_version() -> Result<()> {
    let (system, shell, dataset_id, [ready, _]) = two_jobs().await?;
    system.publish(dataset_id, "other.csv", csv(1)).await?;
    for options in [&[][..], &["--replaces", "7"]] {
        let ran = shell
            .ends(5, &[&["job", "commit", &ready][..], options].concat())
            .await?;
        assert!(
            ran.stderr
                .contains(&format!("restow job commit {ready} --replaces 1")),
            "{ran:?}"
        );
    }
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    let version = shell
        .json(&["job", "commit", &ready, "--replaces", "1"])
        .await?;
    assert_eq!(version["version"], 2);
    assert_eq!(system.read(dataset_id).await?, csv(7));

    let late = system
        .prepare(dataset_id, "late.csv", csv(2))
        .await?
        .job_id
        .to_string();
    system.publish(dataset_id, "later.csv", csv(1)).await?;
    // The hint names the current version, not the one when the job began.
    let ran = shell
        .ends(5, &["job", "commit", &late, "--replaces", "none"])
        .await?;
    assert!(
        ran.stderr
            .contains(&format!("restow job commit {late} --replaces 3")),
        "{ran:?}"
    );
    assert_eq!(system.current_version(dataset_id).await?, Some(3));
    Ok(())
}

#[tokio::test]
async fn jobs_are_found_by_beginning_and_dataset() -> Result<()> {
    let (system, shell, _, [ready, open]) = two_jobs().await?;
    let show = async |name: &str| -> Result<String> {
        let ran = shell.run(&["job", "show", name, "--quiet"]).await?;
        Ok(ran.line().to_string())
    };
    assert_eq!(show("weather").await?, open);
    for id in [&ready, &open] {
        for length in [36, 35] {
            assert_eq!(&show(&id[..length]).await?, id);
        }
    }
    let previewed = shell.json(&["preview", &ready[..35]]).await?;
    assert_eq!(previewed["job_id"], ready.as_str());
    // The jobs began within the same months.
    let ran = shell.ends(2, &["job", "show", &ready[..4]]).await?;
    assert!(
        ran.stderr.contains("several jobs begin with") && ran.stderr.contains(&ready),
        "{ran:?}"
    );
    system.dataset("empty").await?;
    for unknown in ["ffff", "nowhere", "empty"] {
        let ran = shell.ends(4, &["job", "show", unknown]).await?;
        assert!(ran.stderr.contains("there is no job"), "{ran:?}");
    }
    Ok(())
}
