//! The restore drill: a backup is restored, what is lost is named, and nothing else is.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use bytes::Bytes;
use uuid::Uuid;

use crate::fixture::{System, Upload, back_up, csv, eventually, with_token};

/// Everything that is over is removed at once.
const SOON: [&str; 10] = [
    "--delete-grace",
    "1s",
    "--url-expires",
    "1s",
    "--sweep-grace",
    "1s",
    "--job-deadline",
    "1s",
    "--job-grace",
    "1s",
];

/// A version of the dataset.
async fn commit(system: &System, dataset_id: Uuid, content: Bytes) -> Result<Upload> {
    let upload = system.begin(dataset_id, "rows.csv", content).await?;
    upload.put_all().await?;
    finish(&upload).await?;
    Ok(upload)
}

async fn finish(upload: &Upload) -> Result<()> {
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    Ok(())
}

/// A server on the restored database, with the bucket of the one that was lost.
fn restore(system: &System, backup: String) -> Result<System> {
    let environment = [
        system.place.environment(&system.place.endpoint),
        vec![("RESTOW_DATABASE_URL".to_string(), backup)],
    ]
    .concat();
    System::start_in(
        with_token(&environment)?,
        environment,
        &[("--no-reaper", "")],
    )
}

async fn keys(system: &System) -> Result<BTreeSet<String>> {
    Ok(system.bucket().objects().await?.into_iter().collect())
}

/// The lines of a list that `adopt` prints under a heading.
fn listed<'a>(shown: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = shown.lines().skip_while(|line| !line.ends_with(heading));
    lines
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .collect()
}

/// What `adopt` shows of a version whose object was removed, of one that was open in the backup, and of lost ones.
fn assert_named(shown: &str, removed: &Upload, open: &Upload, lost: [&Upload; 2]) {
    let missing = listed(shown, "versions whose object is not in the bucket");
    let [version] = missing[..] else {
        panic!("{shown}")
    };
    assert!(
        version.contains(&removed.key) && version.contains("version 1 of \"dropped\""),
        "{version}"
    );
    let unknown = listed(shown, "objects that no job of the database knows of");
    assert_eq!(unknown.len(), 2, "{shown}");
    for upload in lost {
        let begin = format!("  {}, {} bytes, ", upload.key, upload.content.len());
        assert!(
            unknown
                .iter()
                .any(|line| line.starts_with(&begin) && line.ends_with(" old")),
            "{shown}"
        );
    }
    let awaited = listed(
        shown,
        "still wait for their upload, according to the database",
    );
    assert!(
        awaited.len() == 1 && awaited[0].contains(&open.key),
        "{shown}"
    );
    assert!(shown.contains("nothing was changed"), "{shown}");
}

#[tokio::test]
async fn restore_loses_only_what_it_names() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let (kept, dropped) = (
        system.dataset("kept").await?,
        system.dataset("dropped").await?,
    );
    commit(&system, kept, csv(1)).await?;
    commit(&system, kept, csv(2)).await?;
    let removed = commit(&system, dropped, csv(3)).await?;
    let open = system.begin(kept, "rows.csv", csv(4)).await?;
    system.reap(&[])?;
    let backup = back_up(&system).await?;

    open.put_all().await?;
    finish(&open).await?;
    let lost = commit(&system, kept, csv(5)).await?;
    let added = system.dataset("added").await?;
    let lost_with_dataset = commit(&system, added, csv(6)).await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(dropped)
        .send()
        .await?;
    system.reap_until(&[], "1 objects deleted").await;
    let before = keys(&system).await?;

    let restored = restore(&system, backup)?;
    let shown = restored.server.run(&["adopt"])?;
    assert_named(&shown, &removed, &open, [&lost, &lost_with_dataset]);
    assert!(restored.reap(&SOON)?.contains("nothing was removed"));

    restored.server.run(&["adopt", "--yes"])?;
    for (version, content) in [(1, csv(1)), (2, csv(2))] {
        assert_eq!(restored.read_version(kept, version).await?, content);
    }
    finish(&open.through(&restored)).await?;
    assert_eq!(restored.read(kept).await?, csv(4));
    let new = commit(&restored, kept, csv(7)).await?;
    assert_eq!(restored.read(kept).await?, csv(7));
    let round = eventually("a round of the reaper", async || {
        let said = restored.reap(&SOON).ok()?;
        (!said.contains("nothing was removed")).then_some(said)
    })
    .await;
    assert!(round.contains("0 objects deleted"), "{round}");
    let mut expected = before;
    expected.insert(new.key);
    assert_eq!(keys(&restored).await?, expected);
    let current = restored.current_version(kept).await?;
    assert_eq!(current.context("no version")?, 4);
    Ok(())
}
