//! `restow pull` into what is no regular file: devices, pipes, descriptors, and links.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;

use anyhow::{Result, ensure};
use bytes::Bytes;

use super::shell::{Ran, Shell};
use crate::fixture::{System, csv};

/// A dataset with one version, whose content is returned.
async fn with_version() -> Result<(System, Shell, Bytes)> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("weather").await?;
    system.publish(dataset_id, "weather.csv", csv(20)).await?;
    Ok((system, shell, csv(20)))
}

#[tokio::test]
async fn device_receives_bytes_and_stays() -> Result<()> {
    let (_system, shell, content) = with_version().await?;
    // Never with --force, lest a broken build replace a device of this machine.
    let pulled = shell.json(&["pull", "weather", "-o", "/dev/null"]).await?;
    assert_eq!(
        (&pulled["path"], pulled["file_size"].as_u64()),
        (&"/dev/null".into(), Some(content.len() as u64))
    );
    assert!(fs::metadata("/dev/null")?.file_type().is_char_device());
    let ran = shell
        .ends(1, &["pull", "weather", "-o", "/dev/full"])
        .await?;
    assert!(
        ran.stderr.contains("/dev/full: No space left on device")
            && !ran.stderr.contains("--force"),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn pipe_receives_bytes_and_stays() -> Result<()> {
    let (_system, shell, content) = with_version().await?;
    let pipe = shell.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status()?;
    ensure!(made.success(), "failed to create a pipe");
    symlink("pipe", shell.path("link"))?;
    for arguments in [
        &["pull", "weather", "-o", "pipe"][..],
        &["pull", "weather", "-o", "pipe", "--force"],
        &["pull", "weather", "-o", "link", "--force"],
    ] {
        let reading = tokio::spawn(tokio::fs::read(pipe.clone()));
        shell.run(arguments).await?;
        assert_eq!(reading.await??, content);
        assert!(pipe.symlink_metadata()?.file_type().is_fifo());
        assert_eq!(shell.files()?, ["link", "pipe"], "{arguments:?}");
    }
    Ok(())
}

#[tokio::test]
async fn link_stays_and_its_target_is_replaced() -> Result<()> {
    let (_system, shell, content) = with_version().await?;
    fs::create_dir(shell.path("data"))?;
    shell.write("data/target.csv", "mine")?;
    symlink("data/target.csv", shell.path("near"))?;
    symlink("near", shell.path("far"))?;
    symlink("data/new.csv", shell.path("dangling"))?;
    symlink("circle", shell.path("circle"))?;
    let is_link = |name: &str| shell.path(name).is_symlink();

    let ran = shell.ends(5, &["pull", "weather", "-o", "far"]).await?;
    assert!(ran.stderr.contains("--force"), "{ran:?}");
    assert_eq!(shell.read("data/target.csv")?, "mine");
    shell
        .run(&["pull", "weather", "-o", "far", "--force"])
        .await?;
    assert_eq!(shell.read("data/target.csv")?, content);

    shell
        .ends(5, &["pull", "weather", "-o", "dangling"])
        .await?;
    assert!(!shell.path("data/new.csv").exists());
    shell
        .run(&["pull", "weather", "-o", "dangling", "--force"])
        .await?;
    assert_eq!(shell.read("data/new.csv")?, content);
    shell
        .ends(1, &["pull", "weather", "-o", "circle", "--force"])
        .await?;
    assert!(
        ["near", "far", "dangling", "circle"]
            .iter()
            .all(|name| is_link(name))
    );
    assert_eq!(
        shell.files()?,
        ["circle", "dangling", "data", "far", "near"]
    );
    let below = fs::read_dir(shell.path("data"))?.count();
    assert_eq!(below, 2, "a partial file was left");
    Ok(())
}

#[tokio::test]
async fn descriptors_receive_only_the_content() -> Result<()> {
    let (_system, shell, content) = with_version().await?;
    if !Path::new("/bin/bash").exists() {
        return Ok(());
    }
    for (line, file) in [
        (
            "restow pull weather -o /dev/stdout > stdout.csv",
            "stdout.csv",
        ),
        (
            "restow pull weather -o /dev/fd/1 | cat > fd1.csv",
            "fd1.csv",
        ),
        (
            "restow pull weather -o /proc/self/fd/1 > proc.csv",
            "proc.csv",
        ),
        ("restow pull weather -q -o /dev/fd/3 3> fd3.csv", "fd3.csv"),
        (
            "restow pull weather -q -o >(cat > substituted.csv); wait $!",
            "substituted.csv",
        ),
    ] {
        let ran = Ran::of(shell.bash(line)).await?;
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        assert_eq!(shell.read(file)?, content, "{line}");
    }
    // What the file had before is kept, as the shell promised.
    shell.write("appended.csv", "before\n")?;
    let line = "restow pull weather -o /dev/stdout >> appended.csv";
    Ran::of(shell.bash(line)).await?;
    let expected = [b"before\n", &content[..]].concat();
    assert_eq!(shell.read("appended.csv")?, expected);
    Ok(())
}
