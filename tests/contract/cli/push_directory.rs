//! `restow push` of directories and of the standard input.

use std::fs;

use anyhow::Result;
use restow_tests::fault_proxy::{Fault, Operation};

use super::server_state::datasets;
use super::shell::{Ran, Shell};
use super::terminal::CTRL_C;
use crate::fixture::{FaultyLine, PART_SIZE, System, csv, noise};

/// A shell with a directory of files, of which two are not to be pushed.
fn with_directory(system: &System) -> Result<Shell> {
    let shell = Shell::at(system)?;
    for directory in ["data/alps", "data/tmp", "data/.cache"] {
        fs::create_dir_all(shell.path(directory))?;
    }
    for (name, rows) in [
        ("data/rain.csv", 1),
        ("data/alps/snow.csv", 2),
        ("data/alps/notes.txt", 3),
        ("data/tmp/half.csv", 4),
        ("data/.cache/x.csv", 5),
    ] {
        shell.write(name, csv(rows))?;
    }
    Ok(shell)
}

const PUSH: [&str; 6] = ["push", "data", "--include", "*.csv", "--exclude", "tmp"];

/// Names of all datasets, in order.
async fn names(system: &System) -> Result<Vec<String>> {
    let datasets = datasets(system).await?.into_iter();
    let mut names: Vec<_> = datasets.map(|dataset| dataset.name).collect();
    names.sort();
    Ok(names)
}

#[tokio::test]
async fn directory_is_pushed_by_relative_paths() -> Result<()> {
    let system = System::start()?;
    let shell = with_directory(&system)?;
    let ran = shell.run(&[&PUSH[..], &["--create"]].concat()).await?;
    assert_eq!(names(&system).await?, ["alps/snow", "rain"]);
    assert!(
        ran.stdout
            .contains("✓ alps/snow is at version 1: alps/snow.csv (2 rows)")
            && ran.stderr.contains("2 pushed: "),
        "{ran:?}"
    );
    let snow = system.client.find_dataset("alps/snow").await?;
    assert_eq!(system.read(snow.id).await?, csv(2));
    let version = system.client.api().get_version().dataset_id(snow.id);
    assert_eq!(version.version(1).send().await?.filename, "snow.csv");

    shell.write("data/rain.csv", csv(9))?;
    let ran = shell.run(&PUSH).await?;
    assert!(ran.stderr.contains("1 pushed, 1 unchanged: "), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn dry_run_changes_nothing() -> Result<()> {
    let system = System::start()?;
    let shell = with_directory(&system)?;
    system.dataset("rain").await?;
    let dry_run = [&PUSH[..], &["--dry-run"]].concat();
    let ran = shell.ends(4, &dry_run).await?;
    assert!(ran.stderr.contains("alps/snow"), "{ran:?}");
    let ran = shell.run(&[&dry_run[..], &["--create"]].concat()).await?;
    let expected = "alps/snow.csv (30 B) to alps/snow, a new dataset\nrain.csv (21 B) to rain, its first version\n";
    assert_eq!(ran.stdout, expected);
    assert_eq!(names(&system).await?, ["rain"]);
    Ok(())
}

#[tokio::test]
async fn directory_without_files_is_a_usage_error() -> Result<()> {
    let system = System::start()?;
    let shell = with_directory(&system)?;
    for (arguments, expected) in [
        (
            &["push", "data", "--include", "*.parquet"][..],
            "no file to push below data",
        ),
        (
            &["push", "data", "--dataset", "x"],
            "--dataset can be used with a single file only",
        ),
        (
            &["push", "data/rain.csv", "--exclude", "x"],
            "none was given",
        ),
    ] {
        let ran = shell.ends(2, arguments).await?;
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
    Ok(())
}

#[tokio::test]
async fn standard_input_is_pushed() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(7))?;
    let line = "cat rows.csv | restow push - --filename weather.csv --create";
    let ran = Ran::of(shell.bash(line)).await?;
    assert!(
        ran.code == 0
            && ran
                .stdout
                .starts_with("✓ weather is at version 1: weather.csv (7 rows)\n"),
        "{ran:?}"
    );
    let id = system.client.find_dataset("weather").await?.id;
    assert_eq!(system.read(id).await?, csv(7));
    for (arguments, code, expected) in [
        (&["push", "-"][..], 2, "pass --filename"),
        (
            &["push", "-", "rows.csv"],
            2,
            "- can be used with a single file only",
        ),
        (
            &["push", "-", "--filename", "x.csv"],
            6,
            "standard input is empty",
        ),
    ] {
        let ran = shell.ends(code, arguments).await?;
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
    Ok(())
}

#[tokio::test]
async fn interrupted_standard_input_resumes() -> Result<()> {
    let line = FaultyLine::start()?;
    line.proxy
        .inject(Operation::UploadPart(3), 1.., Fault::Hang);
    let shell = Shell::at(&line.system)?;
    let content = noise(3 * PART_SIZE + 1000, 1);
    shell.write("noise.bin", &content)?;
    let push = "cat noise.bin | restow push - --filename noise.bin --create --json";
    let terminal = shell.terminal_of_sh(160, push.trim_end_matches(" --json"))?;
    terminal.shows("3 of 4 parts").await;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    let command = "restow push - --dataset noise --filename noise.bin --create";
    assert!(ended.text().contains(command), "{}", ended.text());

    line.proxy.heal();
    let ran = Ran::of(shell.bash(push)).await?;
    let pushed = ran.json()?;
    let held = 2 * PART_SIZE as u64 + 1000;
    assert_eq!(pushed["bytes_held"].as_u64(), Some(held), "{ran:?}");
    Ok(())
}
