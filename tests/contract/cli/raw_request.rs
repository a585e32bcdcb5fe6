//! `restow api` and `--verbose`.

use anyhow::Result;
use serde_json::{Value, json};

use super::shell::{Ran, Shell, server_url};
use crate::fixture::System;

#[tokio::test]
async fn body_is_sent_and_printed() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("body.json", json!({ "name": "weather" }).to_string())?;
    let created = shell
        .run(&["api", "POST", "/datasets", "--input", "body.json"])
        .await?;
    let created = created.json()?;
    assert_eq!(created["name"], "weather");
    let piped = shell.bash("echo '{\"name\": \"climate\"}' | restow api post datasets --input -");
    let ran = Ran::of(piped).await?;
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = shell.run(&["api", "GET", "/api/datasets?limit=1"]).await?;
    let listed: Value = listed.json()?;
    assert_eq!(
        listed["items"].as_array().map(Vec::len),
        Some(1),
        "{listed}"
    );
    let id = created["id"].as_str().unwrap_or_default();
    let path = format!("/datasets/{id}");
    let deleted = shell.run(&["api", "DELETE", &path]).await?;
    assert!(deleted.stdout.is_empty(), "{deleted:?}");
    let names: Vec<_> = super::server_state::datasets(&system)
        .await?
        .into_iter()
        .map(|dataset| dataset.name)
        .collect();
    assert_eq!(names, ["climate"]);
    Ok(())
}

#[tokio::test]
async fn refusals_are_printed_and_have_exit_codes() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("body.json", "{}")?;
    let post = ["api", "POST", "/datasets", "--input", "body.json"];
    let ran = shell.ends(2, &post).await?;
    assert_eq!(ran.json()?["detail"][0]["type"], "missing");
    assert!(ran.stderr.contains("422"), "{ran:?}");
    let ran = shell.ends(4, &["api", "GET", "/nowhere"]).await?;
    assert!(ran.stdout.contains("request_id"), "{ran:?}");
    shell
        .ends(2, &["api", "GET", "http://other.example/api"])
        .await?;
    shell.ends(2, &["api", "GET"]).await?;
    let missing = ["api", "POST", "/datasets", "--input", "nowhere.json"];
    let ran = shell.ends(1, &missing).await?;
    assert!(ran.stderr.contains("nowhere.json"), "{ran:?}");
    let shell = shell.with("RESTOW_TOKEN", "restow_unknown");
    shell.ends(3, &["api", "GET", "/datasets"]).await?;
    Ok(())
}

#[tokio::test]
async fn verbose_prints_requests_without_secrets() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", "a,b\n1,2\n")?;
    let push = ["push", "rows.csv", "--create", "--verbose"];
    let ran = shell.run(&push).await?;
    let api = server_url(&system.client);
    for text in [
        format!("POST {api}/api/datasets: 201 in "),
        format!("PUT {}/", system.place.endpoint),
        "/versions/1: 200 in ".to_string(),
        " ms (request ".to_string(),
    ] {
        assert!(ran.stderr.contains(&text), "{text}: {ran:?}");
    }
    for secret in ["X-Amz", "?", system.server.token()] {
        assert!(!ran.stderr.contains(secret), "{secret}: {ran:?}");
    }
    let ran = shell.run(&["dataset", "list", "-v", "--json"]).await?;
    let requests: Vec<Value> = ran
        .stderr
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert_eq!(requests[0]["request"]["method"], "GET", "{requests:?}");
    assert_eq!(requests[0]["request"]["status"], 200, "{requests:?}");
    assert!(requests[0]["request"]["request_id"].is_string());
    let ran = shell.run(&["doctor", "--verbose"]).await?;
    assert!(ran.stderr.contains("/readyz: 200 in "), "{ran:?}");
    assert!(!ran.stderr.contains("X-Amz"), "{ran:?}");
    Ok(())
}
