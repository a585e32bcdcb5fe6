//! Lists of several pages.

use std::process::Stdio;

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use restow_tests::FaultProxy;
use restow_tests::fault_proxy::Fault;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::shell::{Shell, server_url};
use crate::fixture::System;

/// More datasets than a page has, and than fit into the buffer of a pipe.
const MANY: usize = 900;

/// Creates many datasets and returns their names.
async fn make_many(system: &System) -> Result<Vec<String>> {
    let client = system.server.client()?;
    let names: Vec<_> = (0..MANY)
        .map(|number| format!("dataset {number:04}"))
        .collect();
    let make = |name: &String| {
        client
            .api()
            .create_dataset()
            .body_map(|body| body.name(name.as_str()))
            .send()
    };
    stream::iter(names.iter().map(make))
        .buffered(8)
        .try_for_each(async |_| Ok(()))
        .await?;
    Ok(names)
}

#[tokio::test]
async fn list_of_several_pages_is_complete() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let names = make_many(&system).await?;
    let listed = shell.json(&["dataset", "list"]).await?;
    let mut found: Vec<_> = listed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["name"].as_str())
        .collect();
    found.sort_unstable();
    assert_eq!(found, names);
    let ran = shell.run(&["dataset", "list"]).await?;
    assert_eq!(ran.stdout.lines().count(), MANY + 1);
    assert!(names.iter().all(|name| ran.stdout.contains(name)));

    for options in [&[][..], &["--json"], &["--quiet"]] {
        let mut command = shell.command(&[&["dataset", "list"][..], options].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?)
            .read_line(&mut line)
            .await?;
        let ended = child.wait_with_output().await?;
        assert!(
            !line.is_empty() && ended.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&ended.stderr)
        );
        assert_eq!(ended.status.code(), Some(0), "{options:?}");
    }
    Ok(())
}

#[tokio::test]
async fn failed_list_is_valid_json() -> Result<()> {
    let system = System::start()?;
    make_many(&system).await?;
    let proxy = FaultProxy::start(server_url(&system.client))?;
    proxy.inject(None, 2..=2, Fault::Refuse(400, "Unknown"));
    let shell = Shell::at(&system)?.with("RESTOW_ENDPOINT", &proxy.url());
    let ran = shell.ends(8, &["dataset", "list", "--json"]).await?;
    assert!(
        proxy.heal() == 1 && ran.error()?["type"] == "foreign_answer",
        "{ran:?}"
    );
    // The first page.
    assert_eq!(ran.json()?.as_array().map(Vec::len), Some(500));
    Ok(())
}
