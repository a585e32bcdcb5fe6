//! Responses that depart from the contract in one way each, by a proxy that alters them.

use anyhow::{Result, ensure};
use serde_json::json;

use super::altering_proxy::Reply;
use super::judge::{REQUEST_END, datasets, is_plan, judge_altered};
use crate::fixture::System;

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
