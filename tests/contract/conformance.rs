//! The judge of servers and documents: what conforms, what cannot be judged, and what is cleaned up.

mod altering_proxy;
mod departure;
mod judge;

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::process::Command;

use self::altering_proxy::AlteringProxy;
use self::judge::{MULTIPART_SIZE, REQUEST_END, conclude, datasets, judge, judge_altered};
use crate::fixture::{System, eventually, executable};

#[tokio::test]
async fn our_server_conforms_and_is_left_clean() -> Result<()> {
    let system = System::start()?;
    let conclusion = judge_altered(&system, |_| {}).await?;
    assert_eq!(conclusion.code, Some(0), "{}", conclusion.text);
    assert_eq!(conclusion.departures(), []);
    assert!(
        conclusion.junit.contains("failures=\"0\""),
        "{}",
        conclusion.junit
    );
    // 33 examples, two uploads, unknown ids, and the dataset's creation and deletion.
    assert!(
        conclusion.text.starts_with("38 checks, 0 with departures;"),
        "{}",
        conclusion.text
    );
    assert_eq!(datasets(&system).await?, 0);
    Ok(())
}

#[tokio::test]
async fn published_operation_is_judged_alone() -> Result<()> {
    let system = System::start()?;
    let id = system.dataset("given").await?.to_string();
    let proxy = AlteringProxy::start(system.server.url(), |reply| {
        // Any other operation is not there.
        if !reply.request.ends_with(REQUEST_END) {
            reply.status = 404;
        }
    })?;
    let size = ["--multipart-size", MULTIPART_SIZE];
    let arguments = [
        &["endpoint", "--endpoint", &proxy.url, "--dataset", &id],
        &size[..],
    ]
    .concat();
    let conclusion = conclude(&arguments, Some(system.server.token())).await?;
    assert_eq!(conclusion.code, Some(0), "{}", conclusion.text);
    assert_eq!(datasets(&system).await?, 1);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_judged_exits_with_two() -> Result<()> {
    let system = System::start()?;
    let url = system.server.url();
    let token = Some(system.server.token());
    let nowhere = "http://127.0.0.1:1";
    for (endpoint, token, said) in [
        (url, None, "set RESTOW_TOKEN"),
        (url, Some("invalid"), "the server refuses the token"),
        (
            nowhere,
            token,
            "no response from http://127.0.0.1:1/api/datasets",
        ),
    ] {
        let (output, _) = judge(&["endpoint", "--endpoint", endpoint], token).await?;
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed)?;
        assert_eq!(output.status.code(), Some(2), "{said}: {printed}");
        assert!(printed.contains(said), "{said}: {printed}");
    }
    // One part only, so that several parts could not be judged.
    let arguments = ["endpoint", "--endpoint", url, "--multipart-size", "1000"];
    let conclusion = conclude(&arguments, token).await?;
    assert_eq!(conclusion.code, Some(2), "{}", conclusion.text);
    assert!(
        conclusion.text.contains("give a larger --multipart-size"),
        "{}",
        conclusion.text
    );
    assert!(
        conclusion.junit.contains("errors=\"1\""),
        "{}",
        conclusion.junit
    );
    assert_eq!(datasets(&system).await?, 0);
    Ok(())
}

#[tokio::test]
async fn interrupted_judge_deletes_its_dataset() -> Result<()> {
    let system = System::start()?;
    let judge = Command::new(executable())
        .args(["conformance", "endpoint", "--endpoint", system.server.url()])
        // Far more than is sent before the signal arrives.
        .args(["--multipart-size", "500000000"])
        .env("NO_PROXY", "127.0.0.1")
        .env("RESTOW_TOKEN", system.server.token())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    eventually("the dataset of the judge", async || {
        (datasets(&system).await.ok()? == 1).then_some(())
    })
    .await;
    let process = judge.id().context("the judge has ended")?.to_string();
    let signal = Command::new("kill").args(["-TERM", &process]).status();
    ensure!(signal.await?.success(), "no signal was sent");
    let output = judge.wait_with_output().await?;
    let text = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("STOPPED   interrupted"), "{text}");
    assert_eq!(datasets(&system).await?, 0);
    Ok(())
}

/// The exit code and the departures of a document.
async fn judge_document(place: &str) -> Result<(Option<i32>, Vec<(String, String)>)> {
    let conclusion = conclude(&["document", "--document", place], None).await?;
    let departures = conclusion.departures();
    Ok((conclusion.code, departures))
}

#[tokio::test]
async fn documents_are_judged_from_files_and_urls() -> Result<()> {
    let system = System::start()?;
    let served = format!("{}/openapi.json", system.server.url());
    assert_eq!(judge_document(&served).await?, (Some(0), vec![]));
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.json");
    let mut document: Value = serde_json::from_str(&std::fs::read_to_string(ours)?)?;
    let size = "/components/schemas/PresignedUploadResponse/properties/part_size/type";
    *document.pointer_mut(size).context("no part_size")? = json!("string");
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("other.json");
    std::fs::write(&file, document.to_string())?;
    let place = file.to_str().context("no UTF-8")?;
    let departure = ("published-value".to_string(), size.to_string());
    assert_eq!(judge_document(place).await?, (Some(1), vec![departure]));
    std::fs::write(&file, "openapi: 3.0.3")?;
    let (output, _) = judge(&["document", "--document", place], None).await?;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    Ok(())
}
