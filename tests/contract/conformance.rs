//! The judge of servers and documents: it finds and names each departure from the contract, and removes what it creates.

mod altering_proxy;

use std::path::Path;
use std::process::Output;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use self::altering_proxy::{AlteringProxy, Reply};
use crate::fixture::{System, executable};

/// Path of the published operation as the proxy sees it.
const REQUEST_END: &str = "/reupload/presigned";

/// More than two parts of the tests' servers.
const MULTIPART_SIZE: &str = "11000000";

/// What the judge has concluded.
#[derive(Debug)]
struct Conclusion {
    code: Option<i32>,
    text: String,
    junit: String,
    sarif: Value,
}

/// Runs the judge with these arguments and this token.
async fn judge(arguments: &[&str], token: Option<&str>) -> Result<(Output, TempDir)> {
    let reports = tempfile::tempdir()?;
    let mut command = Command::new(executable());
    command
        .args([
            "conformance",
            "--junit",
            "junit.xml",
            "--sarif",
            "report.sarif",
        ])
        .args(arguments)
        .current_dir(reports.path())
        .env("NO_PROXY", "127.0.0.1")
        .env_remove("RESTOW_TOKEN");
    if let Some(token) = token {
        command.env("RESTOW_TOKEN", token);
    }
    Ok((command.output().await?, reports))
}

async fn conclude(arguments: &[&str], token: Option<&str>) -> Result<Conclusion> {
    let (output, reports) = judge(arguments, token).await?;
    let text = String::from_utf8(output.stdout)?;
    let read = |name: &str| {
        std::fs::read_to_string(reports.path().join(name))
            .with_context(|| format!("no {name}: {}", String::from_utf8_lossy(&output.stderr)))
    };
    Ok(Conclusion {
        code: output.status.code(),
        text,
        junit: read("junit.xml")?,
        sarif: read("report.sarif")?.parse()?,
    })
}

/// Judges a server by way of a proxy that alters its responses.
async fn judge_altered(
    system: &System,
    alteration: impl Fn(&mut Reply) + Send + Sync + 'static,
) -> Result<Conclusion> {
    let proxy = AlteringProxy::start(system.server.url(), alteration)?;
    let arguments = [
        "endpoint",
        "--endpoint",
        &proxy.url,
        "--multipart-size",
        MULTIPART_SIZE,
    ];
    conclude(&arguments, Some(system.server.token())).await
}

impl Conclusion {
    /// Rules and places of the departures.
    fn departures(&self) -> Vec<(String, String)> {
        let results = self.sarif["runs"][0]["results"].as_array();
        let results = results.into_iter().flatten();
        let departures = results.filter(|result| result["level"] == "error");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        departures
            .map(|result| {
                let place = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
                (text(&result["ruleId"]), text(place))
            })
            .collect()
    }
}

/// Number of datasets of the judge's principal.
async fn datasets(system: &System) -> Result<usize> {
    let list = system.client.api().list_datasets().send().await?;
    Ok(list.items.len())
}

/// Checks that an alteration is found as a departure from this rule at this place, in all three reports, and that no dataset
/// is left behind.
async fn assert_found(
    system: &System,
    rule: &str,
    place: &str,
    alteration: impl Fn(&mut Reply) + Send + Sync + 'static,
) -> Result<()> {
    let conclusion = judge_altered(system, alteration).await?;
    let text = &conclusion.text;
    ensure!(conclusion.code == Some(1), "{rule}: {conclusion:#?}");
    let wanted = (rule.to_string(), place.to_string());
    ensure!(
        conclusion.departures().contains(&wanted),
        "{rule} at {place}: {text}"
    );
    ensure!(
        text.contains(&format!("DEPARTURE {rule}: {place}\n  expected: ")),
        "{text}"
    );
    ensure!(
        text.contains("departs from the published contract"),
        "{text}"
    );
    let failure = format!("type=\"{rule}\"");
    ensure!(conclusion.junit.contains(&failure), "{}", conclusion.junit);
    ensure!(
        datasets(system).await? == 0,
        "{rule}: a dataset is left behind"
    );
    Ok(())
}

fn is_plan(reply: &Reply) -> bool {
    reply.request.ends_with(REQUEST_END) && reply.status == 201
}

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
async fn missing_member_is_found_and_named() -> Result<()> {
    let system = System::start()?;
    let place = "POST /datasets/{dataset_id}/reupload/presigned 201 /s3_key";
    assert_found(&system, "missing-member", place, |reply| {
        if is_plan(reply) {
            reply
                .body
                .as_object_mut()
                .and_then(|body| body.remove("s3_key"));
        }
    })
    .await?;
    // Without its id, the dataset can be found by its name only.
    let place = "POST /datasets 201 /id";
    assert_found(&system, "missing-member", place, |reply| {
        if reply.request == "POST /api/datasets" {
            reply
                .body
                .as_object_mut()
                .and_then(|body| body.remove("id"));
        }
    })
    .await
}

#[tokio::test]
async fn other_status_is_found_and_named() -> Result<()> {
    let system = System::start()?;
    let place = "POST /datasets/{dataset_id}/reupload/presigned 404";
    assert_found(&system, "status", place, |reply| {
        if reply.request.ends_with(REQUEST_END) && reply.status == 422 {
            reply.status = 404;
        }
    })
    .await?;
    let place = "POST /datasets/{dataset_id}/reupload/presigned 200";
    assert_found(&system, "undocumented-status", place, |reply| {
        if is_plan(reply) {
            reply.status = 200;
        }
    })
    .await
}

#[tokio::test]
async fn wrong_type_is_found_and_named() -> Result<()> {
    let system = System::start()?;
    let place = "POST /datasets/{dataset_id}/reupload/presigned 201 /part_size";
    assert_found(&system, "wrong-type", place, |reply| {
        if is_plan(reply) && reply.body["part_size"].is_u64() {
            reply.body["part_size"] = json!(reply.body["part_size"].to_string());
        }
    })
    .await
}

#[tokio::test]
async fn undocumented_response_is_found_and_named() -> Result<()> {
    let system = System::start()?;
    assert_found(
        &system,
        "undocumented-status",
        "GET /jobs/{job_id} 418",
        |reply| {
            if reply.request.starts_with("GET /api/jobs/") && reply.status == 200 {
                reply.status = 418;
            }
        },
    )
    .await
}

#[tokio::test]
async fn incomplete_errors_are_found_and_named() -> Result<()> {
    let system = System::start()?;
    let path = "POST /datasets/{dataset_id}/reupload/presigned 422";
    assert_found(&system, "error-body", path, |reply| {
        if reply.status == 422 {
            reply.body = json!({ "detail": [] });
        }
    })
    .await?;
    let place = format!("{path} /detail (difference 1)");
    assert_found(&system, "validation-errors", &place, |reply| {
        if reply.status == 422
            && reply.body["detail"]
                .as_array()
                .is_some_and(|all| all.len() > 1)
        {
            reply.body["detail"].as_array_mut().map(|all| all.remove(0));
        }
    })
    .await
}

#[tokio::test]
async fn unusable_urls_are_found_and_named() -> Result<()> {
    let system = System::start()?;
    let path = "POST /datasets/{dataset_id}/reupload/presigned 201";
    let place = format!("{path} /urls/1");
    assert_found(&system, "part-upload", &place, |reply| {
        if is_plan(reply) && reply.body["urls"][1].is_string() {
            let url = reply.body["urls"][1].to_string();
            let forged = url.replace("X-Amz-Signature=", "X-Amz-Signature=0");
            reply.body["urls"][1] = forged.parse().unwrap_or_default();
        }
    })
    .await?;
    let place = format!("{path} /urls");
    assert_found(&system, "upload-plan", &place, |reply| {
        if is_plan(reply) && reply.body["urls"][1].is_string() {
            reply.body["urls"].as_array_mut().and_then(Vec::pop);
        }
    })
    .await
}

#[tokio::test]
async fn signatures_are_not_in_reports() -> Result<()> {
    let system = System::start()?;
    let conclusion = judge_altered(&system, |reply| {
        if is_plan(reply) {
            reply.status = 202;
        }
    })
    .await?;
    assert_eq!(conclusion.code, Some(1), "{}", conclusion.text);
    for report in [
        &conclusion.text,
        &conclusion.junit,
        &conclusion.sarif.to_string(),
    ] {
        assert!(
            report.contains("urls"),
            "the body is not repeated: {report}"
        );
        assert!(!report.contains("X-Amz"), "{report}");
    }
    Ok(())
}

#[tokio::test]
async fn other_bytes_are_found_and_named() -> Result<()> {
    let system = System::start()?;
    let other = format!("{}/openapi.json", system.server.url());
    let place = "GET /datasets/{dataset_id}/download 200 /url";
    assert_found(&system, "content", place, move |reply| {
        if reply.request.ends_with("/download") {
            reply.body["url"] = json!(other);
        }
    })
    .await
}

#[tokio::test]
async fn undocumented_member_is_a_note_only() -> Result<()> {
    let system = System::start()?;
    let conclusion = judge_altered(&system, |reply| {
        if is_plan(reply) {
            reply.body["region"] = json!("eu");
        }
    })
    .await?;
    assert_eq!(conclusion.code, Some(0), "{}", conclusion.text);
    assert!(
        conclusion
            .text
            .contains("undocumented-member: POST /datasets"),
        "{}",
        conclusion.text
    );
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
