//! Values of the data, which a token sees that may read it.

use anyhow::{Result, ensure};
use reqwest::Method;
use restow_sdk::CommitPolicy;
use restow_sdk::generated::types::{Acceptance, ChangeKind};
use serde_json::{Value, json};

use super::caller::Site;
use crate::fixture::System;

/// Two columns, with a value that is not like the others of its column.
const CONTENT: &[u8] = b"number,word\n1,one\n2,two\nN/A,three\n";

/// What a token gets from a path.
async fn get(system: &System, token: &str, path: &str) -> Result<Value> {
    let request = system.anonymous(Method::GET, path).bearer_auth(token);
    Ok(request.send().await?.error_for_status()?.json().await?)
}

/// Members of columns that show values, where they are known.
fn shown(columns: &Value) -> Vec<&str> {
    let names = ["min", "max", "mean", "stddev", "top", "histogram"];
    let columns = columns.as_array().into_iter().flatten();
    let members = columns.flat_map(|column| column.as_object().into_iter().flatten());
    let shown = members.filter(|(name, value)| names.contains(&name.as_str()) && !value.is_null());
    shown.map(|(name, _)| name.as_str()).collect()
}

#[tokio::test]
async fn only_readers_see_values_of_the_data() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let dataset_id = site.dataset_id.to_string();
    let token = |scopes: &str| {
        let options = ["--scopes", scopes, "--datasets", &dataset_id];
        site.token("owner", &options)
    };
    let (reader, uploader, committer) = (
        token("read,commit")?,
        token("upload")?,
        token("upload,commit")?,
    );
    let client = system.client_with(&uploader)?;
    let upload = client
        .reupload(site.dataset_id)
        .bytes("rows.csv", CONTENT)
        .commit(CommitPolicy::LeaveAtPreview);
    let job_id = upload.send().await?.job.id;

    let path = format!("/api/jobs/{job_id}/preview");
    let whole = get(&system, &reader, &path).await?;
    let examples = |preview: &Value| {
        let findings = preview["findings"].as_array().into_iter().flatten();
        findings
            .filter(|finding| finding["examples"] != json!([]))
            .count()
    };
    ensure!(
        examples(&whole) > 0 && !shown(&whole["columns"]).is_empty(),
        "{whole}"
    );
    ensure!(whole.to_string().contains("three"), "{whole}");
    for token in [&uploader, &committer] {
        let preview = get(&system, token, &path).await?;
        ensure!(!preview.to_string().contains("three"), "{preview}");
        assert_eq!(preview["sample"], json!([]));
        assert_eq!(
            (examples(&preview), shown(&preview["columns"])),
            (0, vec![])
        );
        // How the data is made up is no secret.
        assert_eq!(preview["row_count"], whole["row_count"]);
        assert_eq!(preview["columns"][1]["name"], "word");
        assert_eq!(preview["findings_total"], whole["findings_total"]);
    }

    let commit = format!("/api/jobs/{job_id}/commit");
    let accepted = json!({ "accept": ChangeKind::ALL.map(Acceptance::from) });
    let commit = system.anonymous(Method::POST, &commit);
    let commit = commit.bearer_auth(&committer).json(&accepted).send();
    let version: Value = commit.await?.error_for_status()?.json().await?;
    let path = format!("/api/datasets/{dataset_id}/versions/{}", version["version"]);
    let read = get(&system, &committer, &path).await?;
    for version in [&version, &read] {
        assert_eq!(shown(&version["columns"]), [""; 0], "{version}");
    }
    let whole = get(&system, &reader, &path).await?;
    ensure!(!shown(&whole["columns"]).is_empty(), "{whole}");
    Ok(())
}
