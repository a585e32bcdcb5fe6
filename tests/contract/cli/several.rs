//! `restow push` of several files: what is printed about all of them, and files that the server has already.

use anyhow::Result;

use super::server_state::jobs;
use super::shell::{Ran, Shell};
use crate::fixture::{PART_SIZE, System, csv, noise};

#[tokio::test]
async fn summary_and_hint_are_printed_once() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let names: Vec<String> = (0..6).map(|index| format!("{index}.csv")).collect();
    for name in &names {
        shell.write(name, csv(5))?;
    }
    shell.write("bad.parquet", csv(5))?;
    shell.write("worse.parquet", csv(6))?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let ran = shell.ends(4, &[&["push"], &names[..]].concat()).await?;
    assert_eq!(ran.stderr.matches("error: ").count(), 6, "{ran:?}");
    assert_eq!(ran.stderr.matches(" hint: ").count(), 1, "{ran:?}");
    assert!(
        ran.stderr.ends_with("s\n") && ran.stderr.contains("\n6 failed in "),
        "{ran:?}"
    );

    shell.run(&["push", "0.csv", "--create"]).await?;
    let push = [
        &["push", "bad.parquet", "worse.parquet"],
        &names[..],
        &["--create"],
    ]
    .concat();
    let ran = shell.ends(9, &push).await?;
    let expected = "\n5 pushed, 1 unchanged, 2 failed: ";
    assert!(ran.stderr.contains(expected), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 6, "{ran:?}");
    // Hints about two jobs are one.
    assert_eq!(ran.stderr.matches(" hint: ").count(), 1, "{ran:?}");
    for quiet in ["--quiet", "--json"] {
        let ran = shell
            .run(&[&["push"], &names[..], &[quiet]].concat())
            .await?;
        assert_eq!((ran.stderr.as_str(), ran.stdout.lines().count()), ("", 6));
    }
    Ok(())
}

#[tokio::test]
async fn files_without_terminal_have_plain_lines() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    for (name, seed) in [("one.bin", 1), ("two.bin", 2)] {
        shell.write(name, noise(PART_SIZE, seed))?;
    }
    let ran = shell
        .run(&["push", "one.bin", "two.bin", "--create"])
        .await?;
    assert!(!ran.stderr.contains(['\u{1b}', '\r']), "{ran:?}");
    let lines: Vec<_> = ran.stderr.lines().collect();
    let first = "Pushing 2 files: 0 %, 0 of 2 done, 0 B of 10.0 MiB";
    assert!(lines[0].starts_with(first), "{ran:?}");
    assert!(
        lines[lines.len() - 1].starts_with("2 pushed: 10.0 MiB in "),
        "{ran:?}"
    );
    let others = &lines[..lines.len() - 1];
    assert!(
        others
            .iter()
            .all(|line| line.starts_with("Pushing 2 files: ")),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn unchanged_files_are_not_uploaded() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let large = noise(2 * PART_SIZE + 7, 1);
    shell.write("large.bin", &large)?;
    shell.write("small.csv", csv(3))?;
    let files = ["push", "large.bin", "small.csv"];
    shell.run(&[&files[..], &["--create"]].concat()).await?;
    let count = async || -> Result<usize> {
        let mut count = 0;
        for name in ["large", "small"] {
            let id = system.client.find_dataset(name).await?.id;
            count += jobs(&system, id).await?.len();
        }
        Ok(count)
    };
    assert_eq!(count().await?, 2);

    let ran = shell.run(&files).await?;
    assert!(
        ran.stdout.contains("large stays at version 1: large.bin")
            && ran
                .stdout
                .contains("small stays at version 1: small.csv (3 rows)")
            && ran.stderr.contains("2 unchanged in "),
        "{ran:?}"
    );
    let pushed = shell
        .json(&["push", "large.bin", "--skip-unchanged"])
        .await?;
    assert_eq!(
        (
            &pushed["unchanged"],
            &pushed["version"],
            &pushed["bytes_sent"]
        ),
        (&true.into(), &1.into(), &0.into())
    );
    assert_eq!(count().await?, 2, "a job was created");

    // One other byte, and a single file without the option.
    let mut changed = large.to_vec();
    changed[PART_SIZE] ^= 1;
    shell.write("large.bin", changed)?;
    let pushed = shell
        .json(&["push", "large.bin", "--skip-unchanged"])
        .await?;
    assert_eq!(
        (&pushed["unchanged"], &pushed["version"]),
        (&false.into(), &2.into())
    );
    let pushed = shell.json(&["push", "small.csv"]).await?;
    assert_eq!(
        (&pushed["unchanged"], &pushed["version"]),
        (&true.into(), &1.into())
    );
    assert_eq!(count().await?, 4);
    shell.run(&[&files[..], &["--force"]].concat()).await?;
    assert_eq!(count().await?, 6, "--force did not upload");
    shell
        .ends(2, &["push", "small.csv", "--force", "--skip-unchanged"])
        .await?;
    Ok(())
}

#[tokio::test]
async fn equal_pushes_at_once_both_succeed() -> Result<()> {
    let system = System::start()?;
    system.dataset("rows").await?;
    let shells = [
        Shell::at(&system)?,
        Shell::at(&system)?,
        Shell::at(&system)?,
    ];
    for round in 1..4 {
        let mut pushes = Vec::new();
        for shell in &shells {
            shell.write("rows.csv", csv(10 * round))?;
            let push = shell.command(&["push", "rows.csv", "--json"]);
            pushes.push(tokio::spawn(Ran::of(push)));
        }
        let mut versions = Vec::new();
        for push in pushes {
            let ran = push.await??;
            assert_eq!(ran.code, 0, "{ran:?}");
            versions.push(ran.json()?["version"].as_u64());
        }
        assert_eq!(versions, [Some(round as u64); 3]);
    }
    let dataset_id = system.client.find_dataset("rows").await?.id;
    assert_eq!(system.read(dataset_id).await?, csv(30));
    Ok(())
}
