//! `restow push`: uploads that are committed, or left uncommitted.

use anyhow::{Context, Result};
use restow_sdk::generated::types::JobStatus;

use super::server_state::{datasets, jobs};
use super::shell::Shell;
use crate::fixture::{System, assert_invariants, csv, parquet};

#[tokio::test]
async fn push_creates_dataset_and_first_version() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("weather.csv", csv(1461))?;
    let ran = shell.run(&["push", "weather.csv", "--create"]).await?;
    assert!(
        ran.stdout
            .starts_with("✓ weather is at version 1: weather.csv (1,461 rows)\n  "),
        "{ran:?}"
    );
    assert!(
        ran.stdout.contains("KiB in ") && ran.stdout.ends_with("/s\n"),
        "{ran:?}"
    );
    assert_eq!(ran.stdout.lines().count(), 2, "{ran:?}");

    let dataset = system.client.find_dataset("weather").await?;
    assert_eq!(dataset.current_version, Some(1));
    assert_eq!(system.read(dataset.id).await?, csv(1461));
    let version = system
        .client
        .api()
        .get_version()
        .dataset_id(dataset.id)
        .version(1)
        .send()
        .await?;
    assert_eq!(
        (version.filename.as_str(), version.content_type.as_str()),
        ("weather.csv", "text/csv")
    );
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn filename_and_content_type_are_stored() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("climate of the Alps").await?;
    shell.write("today.csv", csv(1))?;
    let push = ["push", "today.csv", "--dataset", "climate of the Alps"];
    let filename = ["--filename", "2026-01-01.csv"];
    let content_type = ["--content-type", "text/plain"];
    shell
        .run(&[&push[..], &filename, &content_type].concat())
        .await?;
    shell
        .run(&[
            "push",
            "today.csv",
            "--dataset",
            &dataset_id.to_string(),
            "--force",
        ])
        .await?;
    let request = system.client.api().list_versions().dataset_id(dataset_id);
    let versions = request.send().await?.into_inner().items;
    let stored: Vec<_> = versions
        .iter()
        .map(|version| (version.filename.as_str(), version.content_type.as_str()))
        .collect();
    assert_eq!(
        stored,
        [("today.csv", "text/csv"), ("2026-01-01.csv", "text/plain")]
    );
    let datasets = datasets(&system).await?;
    assert_eq!(datasets.len(), 1, "another dataset was created");
    Ok(())
}

#[tokio::test]
async fn incompatible_schema_is_not_committed() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", "a,b\n1,2\n")?;
    shell.run(&["push", "rows.csv", "--create"]).await?;
    let dataset_id = system.client.find_dataset("rows").await?.id;

    shell.write("rows.csv", "a,c\n1,2\n")?;
    let ran = shell.ends(7, &["push", "rows.csv"]).await?;
    assert!(
        ran.stdout
            .starts_with("! rows is unchanged: rows.csv (1 row) was not committed"),
        "{ran:?}"
    );
    assert!(
        ran.stdout.contains("- Column `b`") && ran.stdout.contains("+ Column `c`"),
        "{ran:?}"
    );
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    assert_eq!(system.read(dataset_id).await?, "a,b\n1,2\n");

    let line = ran
        .stdout
        .lines()
        .find_map(|line| line.split_once("To commit it:"))
        .context("no command to commit")?
        .1;
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(words[0], "restow");
    let ran = shell.run(&words[1..]).await?;
    assert!(
        ran.stdout.starts_with("committed version 2: 1 row"),
        "{ran:?}"
    );
    assert_eq!(system.read(dataset_id).await?, "a,c\n1,2\n");
    Ok(())
}

#[tokio::test]
async fn commit_option_decides_whether_to_commit() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", "a,b\n1,2\n")?;
    let left = shell
        .json(&["push", "rows.csv", "--create", "--commit", "never"])
        .await?;
    let dataset_id = system.client.find_dataset("rows").await?.id;
    assert_eq!(
        (&left["status"], system.current_version(dataset_id).await?),
        (&"ready".into(), None)
    );
    let job_id = left["job_id"].as_str().context("no job")?;
    shell
        .run(&["job", "commit", job_id, "--replaces", "none"])
        .await?;
    assert_eq!(system.read(dataset_id).await?, "a,b\n1,2\n");

    shell.write("rows.csv", "c\n3\n")?;
    shell
        .run(&["push", "rows.csv", "--commit", "always"])
        .await?;
    assert_eq!(system.read(dataset_id).await?, "c\n3\n");
    Ok(())
}

#[tokio::test]
async fn outdated_replaces_option_uploads_nothing() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(3))?;
    shell
        .run(&["push", "rows.csv", "--create", "--replaces", "none"])
        .await?;
    shell
        .run(&["push", "rows.csv", "--replaces", "1", "--force"])
        .await?;
    let dataset_id = system.client.find_dataset("rows").await?.id;
    let before = (
        system.bucket().objects().await?.len(),
        count_jobs(&system).await?,
    );
    for replaced in ["1", "none", "7"] {
        let ran = shell
            .ends(5, &["push", "rows.csv", "--replaces", replaced])
            .await?;
        assert!(
            ran.stderr.contains("version 2") && ran.stderr.contains("--replaces 2"),
            "{ran:?}"
        );
    }
    assert_eq!(
        (
            system.bucket().objects().await?.len(),
            count_jobs(&system).await?
        ),
        before
    );
    assert_eq!(system.current_version(dataset_id).await?, Some(2));
    Ok(())
}

/// Number of jobs of all datasets.
async fn count_jobs(system: &System) -> Result<usize> {
    let mut count = 0;
    for dataset in datasets(system).await? {
        count += jobs(system, dataset.id).await?.len();
    }
    Ok(count)
}

#[tokio::test]
async fn failed_file_does_not_stop_the_others() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("one.csv", csv(5))?;
    shell.write("bad.parquet", csv(5))?;
    shell.write("two.parquet", parquet(&[1, 2, 3])?)?;
    let files = ["one.csv", "bad.parquet", "two.parquet"];
    let options = ["--create", "--files", "2"];
    let ran = shell
        .ends(9, &[&["push"], &files[..], &options].concat())
        .await?;
    for expected in [
        "✓ one is at version 1: one.csv (5 rows)",
        "✓ two is at version 1: two.parquet (3 rows)",
    ] {
        assert!(ran.stdout.contains(expected), "{ran:?}");
    }
    assert!(ran.stderr.contains("error: bad.parquet: job "), "{ran:?}");
    for (name, content) in [("one", csv(5)), ("two", parquet(&[1, 2, 3])?)] {
        let id = system.client.find_dataset(name).await?.id;
        assert_eq!(system.read(id).await?, content, "{name}");
    }
    let bad = system.client.find_dataset("bad").await?;
    assert_eq!(bad.current_version, None);
    let jobs = jobs(&system, bad.id).await?;
    assert_eq!(
        jobs.iter().map(|job| job.status).collect::<Vec<_>>(),
        [JobStatus::Rejected]
    );
    Ok(())
}

#[tokio::test]
async fn different_failures_exit_with_code_1() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("bad").await?;
    shell.write("bad.parquet", csv(5))?;
    shell.write("unknown.csv", csv(5))?;
    let ran = shell
        .ends(1, &["push", "bad.parquet", "unknown.csv"])
        .await?;
    assert!(
        ran.stderr.contains("error: bad.parquet: ") && ran.stderr.contains("error: unknown.csv: "),
        "{ran:?}"
    );
    assert_eq!(ran.stdout, "");
    Ok(())
}

#[tokio::test]
async fn refused_files_leave_no_datasets() -> Result<()> {
    let system =
        System::start_with(&[("--allowed-extensions", "csv"), ("--max-file-size", "1KiB")])?;
    let shell = Shell::at(&system)?;
    let names = ["one.txt", "two.txt", "large.csv", "good.csv"];
    for name in &names[..2] {
        shell.write(name, csv(1))?;
    }
    shell.write("large.csv", csv(1000))?;
    shell.write("good.csv", csv(1))?;
    let ran = shell
        .ends(6, &[&["push"], &names[..], &["--create"]].concat())
        .await?;
    assert!(ran.stdout.contains("✓ good is at version 1"), "{ran:?}");
    let left = datasets(&system).await?;
    let left: Vec<_> = left.iter().map(|dataset| dataset.name.as_str()).collect();
    assert_eq!(left, ["good"]);
    // One that was there before stays.
    system.dataset("one").await?;
    shell.ends(6, &["push", "one.txt", "--create"]).await?;
    assert_eq!(datasets(&system).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn compressed_file_has_the_dataset_of_its_stem() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let mut gzip = std::process::Command::new("gzip");
    shell.write("weather.csv", csv(3))?;
    anyhow::ensure!(gzip.arg(shell.path("weather.csv")).status()?.success());
    let ran = shell.run(&["push", "weather.csv.gz", "--create"]).await?;
    assert!(
        ran.stdout
            .starts_with("✓ weather is at version 1: weather.csv.gz (3 rows)\n"),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn given_filename_is_the_one_shown() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("tmp.1234", csv(3))?;
    let push = [
        "push",
        "tmp.1234",
        "--dataset",
        "weather",
        "--create",
        "--filename",
        "2026-01-01.csv",
    ];
    let ran = shell.run(&push).await?;
    assert!(
        ran.stdout
            .starts_with("✓ weather is at version 1: 2026-01-01.csv (3 rows)\n"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("Uploading 2026-01-01.csv: ") && !ran.stderr.contains("tmp.1234"),
        "{ran:?}"
    );
    Ok(())
}
